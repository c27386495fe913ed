//! The arithmetic of a square inside a picture.

/// The smallest square is the largest by this many percent.
pub const ZOOM_MAX: f64 = 500.0;

/// A square that never leaves its picture, in the picture's pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Square {
    width: f64,
    height: f64,
    pub x: f64,
    pub y: f64,
    pub side: f64,
}

impl Square {
    /// The largest one, in the middle.
    pub fn of(width: f64, height: f64) -> Self {
        let side = width.min(height).max(1.0);
        Self { width, height, x: (width - side) / 2.0, y: (height - side) / 2.0, side }
    }

    fn kept_inside(self) -> Self {
        let within = |value: f64, length: f64| value.clamp(0.0, (length - self.side).max(0.0));
        Self { x: within(self.x, self.width), y: within(self.y, self.height), ..self }
    }

    pub fn moved(self, dx: f64, dy: f64) -> Self {
        Self { x: self.x + dx, y: self.y + dy, ..self }.kept_inside()
    }

    /// How much larger than at most it is shown, in percent.
    pub fn zoom(self) -> f64 {
        self.width.min(self.height).max(1.0) / self.side * 100.0
    }

    /// Around the same middle.
    pub fn zoomed(self, percent: f64) -> Self {
        let side = self.width.min(self.height).max(1.0) / percent.clamp(100.0, ZOOM_MAX) * 100.0;
        let half = (self.side - side) / 2.0;
        Self { x: self.x + half, y: self.y + half, side, ..self }.kept_inside()
    }

    /// Left, top and side as the server takes them.
    pub fn pixels(self) -> [String; 3] {
        [self.x.floor(), self.y.floor(), self.side.floor().max(1.0)].map(|number| number.to_string())
    }

    /// Lays the whole picture so that a window of any size shows the square.
    pub fn style(self) -> String {
        let percent = |part: f64| (part / self.side * 100.0).to_string();
        [
            "width:",
            &percent(self.width),
            "%;height:",
            &percent(self.height),
            "%;left:",
            &percent(-self.x),
            "%;top:",
            &percent(-self.y),
            "%",
        ]
        .concat()
    }

    /// For those who don't see it.
    pub fn words(self) -> String {
        let [x, y, side] = self.pixels();
        [&side, " pixels wide, ", &x, " from the left, ", &y, " from the top"].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_begins_as_the_largest_in_the_middle() {
        let square = Square::of(300.0, 100.0);
        assert_eq!((square.x, square.y, square.side, square.zoom()), (100.0, 0.0, 100.0, 100.0));
        assert_eq!(square.style(), "width:300%;height:100%;left:-100%;top:-0%");
        assert_eq!(square.words(), "100 pixels wide, 100 from the left, 0 from the top");
    }

    #[test]
    fn it_never_leaves_the_picture() {
        let square = Square::of(300.0, 100.0);
        assert_eq!(square.moved(500.0, 500.0).pixels(), ["200", "0", "100"]);
        assert_eq!(square.moved(-500.0, -1.0).pixels(), ["0", "0", "100"]);
        let small = square.zoomed(9_000.0);
        assert_eq!((small.side, small.zoom()), (20.0, ZOOM_MAX));
        assert_eq!(small.pixels(), ["140", "40", "20"]);
        assert_eq!(small.moved(0.0, 999.0).pixels(), ["140", "80", "20"]);
        assert_eq!(small.moved(999.0, 999.0).zoomed(0.0).pixels(), ["200", "0", "100"]);
        assert_eq!(Square::of(1.0, 1.0).zoomed(500.0).pixels(), ["0", "0", "1"]);
    }
}
