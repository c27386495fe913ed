//! Whether a JPEG file goes on to its end.

/// Start of a scan, whose data follow without a length.
const SCAN: u8 = 0xda;
const END: u8 = 0xd9;

/// Follows the segments up to the marker that ends the picture. What comes behind it doesn't matter.
pub fn is_whole(file: &[u8]) -> bool {
    // Behind the start marker.
    let mut rest = file.get(2..).unwrap_or_default();
    loop {
        match *rest {
            // Any number of fill bytes may stand before a marker.
            [0xff, 0xff, ..] => rest = &rest[1..],
            [0xff, END, ..] => return true,
            // Markers that stand alone.
            [0xff, 0x01 | 0xd0..=0xd8, ..] => rest = &rest[2..],
            [0xff, marker, high, low, ..] => {
                let length = 2 + usize::from(u16::from_be_bytes([high, low]));
                rest = rest.get(length..).unwrap_or_default();
                if marker == SCAN {
                    rest = behind_scan(rest);
                }
            }
            _ => return false,
        }
    }
}

/// From the next marker on that isn't part of the data: there 0xff is followed by 0 or by a restart marker.
fn behind_scan(data: &[u8]) -> &[u8] {
    let next = data.windows(2).position(|pair| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7));
    next.and_then(|next| data.get(next..)).unwrap_or_default()
}
