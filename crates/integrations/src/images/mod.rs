//! Avatars out of whatever people send.

mod jpeg;
#[cfg(test)]
mod tests;

use std::io::Cursor;
use std::sync::Arc;

use image::codecs::webp::WebPEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageFormat, ImageReader, Limits};
use service::ports::{AvatarFiles, Crop, ImageError, Images};
use tokio::sync::Semaphore;

/// The largest file, in bytes.
const FILE_MAX: usize = 5 * 1024 * 1024;
/// The most pixels, known from the file's head before any is decoded.
const PIXELS_MAX: u64 = 40_000_000;
/// What decoding one picture may take, in bytes: 40 megapixels of four bytes and as much again.
const MEMORY_MAX: u64 = 320 * 1024 * 1024;
/// Pictures decoded at once; each may take that memory.
const AT_ONCE: usize = 2;
/// Pictures that may wait; more are refused, so that a flood can't queue for minutes.
const QUEUE: usize = 8;

const LARGE: u32 = 256;
const SMALL: u32 = 64;

/// Makes avatars in this process, off the async threads.
pub struct LocalImages {
    queue: Semaphore,
    lanes: Arc<Semaphore>,
}

impl LocalImages {
    /// Takes two pictures at once and lets eight wait.
    pub fn new() -> Self {
        Self { queue: Semaphore::new(QUEUE + AT_ONCE), lanes: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Default for LocalImages {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait::async_trait]
impl Images for LocalImages {
    async fn avatar(&self, file: Vec<u8>, crop: Option<Crop>) -> Result<AvatarFiles, ImageError> {
        let _place = self.queue.try_acquire().map_err(|_| ImageError::Busy)?;
        let lane = Arc::clone(&self.lanes).acquire_owned().await.map_err(|_| ImageError::Busy)?;
        let made = tokio::task::spawn_blocking(move || {
            let _lane = lane;
            avatar(&file, crop)
        });
        // A decoder that panicked met a file it didn't expect.
        made.await.unwrap_or_else(|_| Err(damaged()))
    }
}

fn refused(words: &str) -> ImageError {
    ImageError::Refused(words.to_owned())
}

fn damaged() -> ImageError {
    refused("The picture is cut off or damaged.")
}

fn avatar(file: &[u8], crop: Option<Crop>) -> Result<AvatarFiles, ImageError> {
    if file.len() > FILE_MAX {
        return Err(refused("The picture is larger than 5 MiB."));
    }
    let (picture, orientation) = decode(file)?;
    let square = square(picture, orientation, crop);
    let large = square.resize_exact(LARGE, LARGE, FilterType::Lanczos3);
    let small = square.resize_exact(SMALL, SMALL, FilterType::Lanczos3);
    Ok(AvatarFiles { large: encode(large)?, small: encode(small)? })
}

/// The first picture of the file as it is stored, and how it is to be turned. Only the content says what the file is.
fn decode(file: &[u8]) -> Result<(DynamicImage, Orientation), ImageError> {
    let format = image::guess_format(file)
        .ok()
        .filter(|format| matches!(format, ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP | ImageFormat::Gif))
        .ok_or_else(|| refused("That isn't a PNG, JPEG, WebP or GIF picture."))?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MEMORY_MAX);
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| explain(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(refused("The picture has more than 40 megapixels."));
    }
    if decoder.total_bytes() > MEMORY_MAX {
        return Err(too_much_memory());
    }
    // Its decoder fills with grey what is missing.
    if format == ImageFormat::Jpeg && !jpeg::is_whole(file) {
        return Err(damaged());
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).map_err(|error| explain(&error))?;
    if picture.width() == 0 || picture.height() == 0 {
        return Err(damaged());
    }
    Ok((picture, orientation))
}

fn explain(error: &image::ImageError) -> ImageError {
    match error {
        image::ImageError::Limits(_) => too_much_memory(),
        _ => damaged(),
    }
}

fn too_much_memory() -> ImageError {
    refused("The picture takes too much memory; a smaller one will do.")
}

/// The part that was chosen, as people see it. What is much larger than needed is first made smaller by whole numbers:
/// then turning and cutting copy little, and the slow filter has little to do.
fn square(mut picture: DynamicImage, orientation: Orientation, crop: Option<Crop>) -> DynamicImage {
    let (mut width, mut height) = (picture.width(), picture.height());
    let turns = matches!(
        orientation,
        Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH
    );
    if turns {
        (width, height) = (height, width);
    }
    let Crop { x, y, side } = clamp(crop, width, height);
    let factor = (side / (2 * LARGE)).max(1);
    if factor > 1 {
        picture = picture.thumbnail_exact((picture.width() / factor).max(1), (picture.height() / factor).max(1));
    }
    picture.apply_orientation(orientation);
    let shrunk =
        clamp(Some(Crop { x: x / factor, y: y / factor, side: side / factor }), picture.width(), picture.height());
    picture.crop_imm(shrunk.x, shrunk.y, shrunk.side, shrunk.side)
}

/// A square inside the picture: as near to the wish as there is one, or the largest in the middle.
fn clamp(crop: Option<Crop>, width: u32, height: u32) -> Crop {
    let most = width.min(height);
    match crop {
        None => Crop { x: (width - most) / 2, y: (height - most) / 2, side: most },
        Some(crop) => {
            let side = crop.side.clamp(1, most);
            Crop { x: crop.x.min(width - side), y: crop.y.min(height - side), side }
        }
    }
}

/// Pixels and nothing else: the encoder is given no profile and no metadata.
fn encode(picture: DynamicImage) -> Result<Vec<u8>, ImageError> {
    let pixels = picture.into_rgba8();
    let mut file = Vec::new();
    WebPEncoder::new_lossless(&mut file)
        .encode(&pixels, pixels.width(), pixels.height(), ExtendedColorType::Rgba8)
        .map_err(|_| damaged())?;
    Ok(file)
}
