use std::time::Duration;

use image::codecs::gif::GifEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, Frame, ImageFormat, Luma, Rgba, RgbaImage};
use service::ports::{AvatarFiles, Crop, ImageError, Images};

use super::{LocalImages, jpeg};

const RED: Rgba<u8> = Rgba([220, 20, 20, 255]);
const BLUE: Rgba<u8> = Rgba([20, 20, 220, 255]);

const FORMATS: [ImageFormat; 4] = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif];

/// Left red, right blue.
fn halves(width: u32, height: u32) -> RgbaImage {
    RgbaImage::from_fn(width, height, |x, _| if x < width / 2 { RED } else { BLUE })
}

fn file(picture: RgbaImage, format: ImageFormat) -> Vec<u8> {
    let mut file = std::io::Cursor::new(Vec::new());
    let picture = DynamicImage::from(picture);
    let picture = if format == ImageFormat::Jpeg { DynamicImage::from(picture.into_rgb8()) } else { picture };
    picture.write_to(&mut file, format).unwrap();
    file.into_inner()
}

async fn avatar(file: Vec<u8>, crop: Option<Crop>) -> Result<AvatarFiles, ImageError> {
    LocalImages::new().avatar(file, crop).await
}

async fn words(file: Vec<u8>) -> String {
    avatar(file, None).await.unwrap_err().to_string()
}

/// Checks sizes and kind, and gives the large one's pixels.
fn shown(files: &AvatarFiles) -> RgbaImage {
    for (file, side) in [(&files.large, 256), (&files.small, 64)] {
        assert_eq!(image::guess_format(file).unwrap(), ImageFormat::WebP);
        let picture = image::load_from_memory(file).unwrap();
        assert_eq!((picture.width(), picture.height()), (side, side));
        // One chunk of pixels is all that a file holds.
        assert_eq!((&file[..4], &file[8..16]), (&b"RIFF"[..], &b"WEBPVP8L"[..]));
        let length = u32::from_le_bytes(file[16..20].try_into().unwrap()) as usize;
        assert_eq!(file.len(), 20 + length + length % 2);
    }
    image::load_from_memory(&files.large).unwrap().into_rgba8()
}

fn is_near(pixel: Rgba<u8>, expected: Rgba<u8>) -> bool {
    pixel.0.iter().zip(expected.0).all(|(a, b)| a.abs_diff(b) < 24)
}

fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[tokio::test]
async fn every_format_becomes_two_squares() {
    for format in FORMATS {
        // A third of the width goes on both sides, so that the halves meet in the middle.
        let picture = shown(&avatar(file(halves(300, 100), format), None).await.unwrap());
        assert!(is_near(*picture.get_pixel(20, 128), RED) && is_near(*picture.get_pixel(235, 128), BLUE), "{format:?}");
    }
}

#[tokio::test]
async fn the_crop_is_kept_inside_the_picture() {
    let png = file(halves(300, 100), ImageFormat::Png);
    for (x, y, side, left) in [
        (0, 0, 100, RED),
        (200, 0, 100, BLUE),
        (160, 10, 50, BLUE),
        (0, 0, u32::MAX, RED),
        (u32::MAX, u32::MAX, 10, BLUE),
        (10, 10, 0, RED),
    ] {
        let picture = shown(&avatar(png.clone(), Some(Crop { x, y, side })).await.unwrap());
        assert!(
            is_near(*picture.get_pixel(5, 5), left) && is_near(*picture.get_pixel(250, 250), left),
            "{x} {y} {side}"
        );
    }
    // A large one, which is made smaller before it is cut.
    let large = file(halves(3000, 2000), ImageFormat::Png);
    let picture = shown(&avatar(large, Some(Crop { x: 1000, y: 500, side: 1400 })).await.unwrap());
    let border = (0..256).find(|x| is_near(*picture.get_pixel(*x, 128), BLUE)).unwrap();
    assert!((89..=95).contains(&border), "500 of 1400 are red: {border}");
}

#[tokio::test]
async fn odd_shapes_are_pictures_too() {
    for (width, height) in [(1, 1), (1, 2), (3000, 1), (1, 16000), (65, 64)] {
        for format in FORMATS {
            let picture = avatar(file(halves(width, height), format), None).await;
            assert_eq!(shown(&picture.unwrap()).dimensions(), (256, 256), "{width}x{height} {format:?}");
        }
    }
    let see_through = RgbaImage::from_pixel(10, 10, Rgba([255, 255, 255, 0]));
    let picture = shown(&avatar(file(see_through, ImageFormat::Png), None).await.unwrap());
    assert_eq!(picture.get_pixel(9, 9).0[3], 0);
    let deep = image::ImageBuffer::from_pixel(20, 20, Luma([65535_u16]));
    let mut png = std::io::Cursor::new(Vec::new());
    DynamicImage::from(deep).write_to(&mut png, ImageFormat::Png).unwrap();
    assert_eq!(shown(&avatar(png.into_inner(), None).await.unwrap()).get_pixel(9, 9).0, [255; 4]);
}

#[tokio::test]
async fn what_is_cut_off_or_no_picture_is_refused() {
    // Noise from a fixed seed: it hardly compresses, so that every part of a file matters.
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed.to_le_bytes()[3]
    };
    let noise = RgbaImage::from_fn(120, 120, |_, _| Rgba([next(), next(), next(), 255]));
    let damaged = "The picture is cut off or damaged.";
    for format in FORMATS {
        let whole = file(noise.clone(), format);
        assert!(avatar(whole.clone(), None).await.is_ok());
        for part in [30, 100, whole.len() / 4, whole.len() / 2, whole.len() * 9 / 10, whole.len() - 40] {
            assert_eq!(words(whole[..part].to_vec()).await, damaged, "{part} of {} {format:?}", whole.len());
        }
        // Bytes changed anywhere give a refusal or a picture, never more.
        for at in (0..whole.len()).step_by(whole.len() / 40) {
            let mut spoilt = whole.clone();
            spoilt[at] ^= 0xff;
            if let Ok(files) = avatar(spoilt, None).await {
                shown(&files);
            }
        }
    }
    let none = "That isn't a PNG, JPEG, WebP or GIF picture.";
    let bmp = [b"BM".as_slice(), &[0; 60]].concat();
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".to_vec();
    for other in [Vec::new(), vec![0x89], bmp, svg, b"%PDF-1.7".to_vec(), b"II*\0\0\0\0\0\0\0\0\0".to_vec()] {
        assert_eq!(words(other).await, none);
    }
    for _ in 0..200 {
        let random: Vec<u8> = (0..400).map(|_| next()).collect();
        assert_eq!(words(random.clone()).await, none);
        for head in [&b"\x89PNG\r\n\x1a\n"[..], b"\xff\xd8\xff", b"RIFF\x88\x01\0\0WEBPVP8 ", b"GIF89a"] {
            assert!(avatar([head, &random].concat(), None).await.is_err());
        }
    }
}

/// A PNG of one pixel that says it had more.
fn boastful(width: u32, height: u32) -> Vec<u8> {
    let mut png = file(halves(1, 1), ImageFormat::Png);
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc32fast::hash(&png[12..29]);
    png[29..33].copy_from_slice(&sum.to_be_bytes());
    png
}

#[tokio::test]
async fn bombs_are_refused_by_what_their_head_says() {
    let many = "The picture has more than 40 megapixels.";
    assert_eq!(words(boastful(50_000, 50_000)).await, many);
    assert_eq!(words(boastful(40_000_001, 1)).await, many);
    assert_eq!(words(boastful(6000, 6000)).await, "The picture is cut off or damaged.");
    // Dimensions of GIF and JPEG, which their heads may claim as well.
    let mut gif = file(halves(1, 1), ImageFormat::Gif);
    gif[6..10].copy_from_slice(&[0xff; 4]);
    assert_eq!(words(gif).await, many);
    let mut jpeg = file(halves(8, 8), ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff; 4]);
    assert_eq!(words(jpeg).await, many);

    let grey = |side: u32| {
        let mut png = std::io::Cursor::new(Vec::new());
        DynamicImage::from(image::GrayImage::from_pixel(side, side, Luma([99])))
            .write_to(&mut png, ImageFormat::Png)
            .unwrap();
        png.into_inner()
    };
    let real = grey(7000);
    assert!(real.len() < 300_000, "a small file of 49 megapixels");
    assert_eq!(words(real).await, many);
    assert!(is_near(*shown(&avatar(grey(6000), None).await.unwrap()).get_pixel(1, 1), Rgba([99, 99, 99, 255])));
    let mut long = file(halves(10, 10), ImageFormat::Png);
    long.resize(5 * 1024 * 1024 + 1, 0);
    assert_eq!(words(long).await, "The picture is larger than 5 MiB.");
}

#[tokio::test]
async fn nothing_but_pixels_comes_out() {
    let payload = b"PK\x03\x04<script>alert('s3cret')</script>";
    let text = {
        // A tEXt chunk behind the head of the PNG.
        let mut chunk = [b"tEXtComment\0".as_slice(), payload].concat();
        let sum = crc32fast::hash(&chunk).to_be_bytes();
        chunk.splice(0..0, u32::try_from(chunk.len() - 4).unwrap().to_be_bytes());
        chunk.extend(sum);
        chunk
    };
    for format in FORMATS {
        let mut polyglot = file(halves(300, 100), format);
        match format {
            ImageFormat::Png => drop(polyglot.splice(33..33, text.iter().copied())),
            ImageFormat::Jpeg => {
                let length = u16::try_from(payload.len() + 2).unwrap().to_be_bytes();
                let comment = [&[0xff, 0xfe], &length[..], payload].concat();
                drop(polyglot.splice(2..2, comment));
            }
            ImageFormat::Gif => {
                let end = polyglot.len() - 1;
                let comment = [&[0x21, 0xfe, u8::try_from(payload.len()).unwrap()], &payload[..], &[0]].concat();
                drop(polyglot.splice(end..end, comment));
            }
            _ => {}
        }
        polyglot.extend_from_slice(payload);
        let files = avatar(polyglot, None).await.unwrap();
        let clean = avatar(file(halves(300, 100), format), None).await.unwrap();
        assert!(!holds(&files.large, b"s3cret") && !holds(&files.small, b"s3cret"));
        assert_eq!(files, clean, "{format:?}");
        shown(&files);
    }
}

#[tokio::test]
async fn an_animation_shows_its_first_frame() {
    let mut gif = Vec::new();
    let mut encoder = GifEncoder::new(&mut gif);
    for colour in [RED, BLUE, BLUE] {
        encoder.encode_frame(Frame::new(RgbaImage::from_pixel(40, 40, colour))).unwrap();
    }
    drop(encoder);
    let picture = shown(&avatar(gif, None).await.unwrap());
    assert!(picture.pixels().all(|pixel| is_near(*pixel, RED)));
}

/// A JPEG whose EXIF says how to turn it and where it was taken.
fn exif(orientation: u16) -> Vec<u8> {
    let mut jpeg = Vec::new();
    let picture = DynamicImage::from(halves(200, 200)).into_rgb8();
    JpegEncoder::new_with_quality(&mut jpeg, 95).encode_image(&picture).unwrap();
    let place = b"51.4779 N, 0.0015 W";
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes(), &value].concat()
    };
    let [high, low] = orientation.to_be_bytes();
    let body = [
        b"Exif\0\0MM\0*\0\0\0\x08".as_slice(),
        &[0, 2],
        &entry(0x0112, 3, 1, [high, low, 0, 0]),
        // The directory of GPS follows at 38.
        &entry(0x8825, 4, 1, [0, 0, 0, 38]),
        &[0; 4],
        &[0, 1],
        &entry(0x001b, 2, u32::try_from(place.len()).unwrap(), [0, 0, 0, 56]),
        &[0; 4],
        place,
    ]
    .concat();
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    jpeg.splice(2..2, [&[0xff, 0xe1], &length[..], &body].concat());
    jpeg
}

#[tokio::test]
async fn photographs_stand_upright_and_forget_where_they_were_taken() {
    // Where the red half is to be seen.
    for (orientation, red, blue) in [
        (1, (30, 128), (220, 128)),
        (2, (220, 128), (30, 128)),
        (3, (220, 128), (30, 128)),
        (6, (128, 30), (128, 220)),
        (8, (128, 220), (128, 30)),
        (99, (30, 128), (220, 128)),
    ] {
        let photograph = exif(orientation);
        assert!(holds(&photograph, b"51.4779"));
        let files = avatar(photograph.clone(), None).await.unwrap();
        assert!(!holds(&files.large, b"51.4779") && !holds(&files.large, b"Exif"));
        let picture = shown(&files);
        assert!(is_near(*picture.get_pixel(red.0, red.1), RED), "{orientation}");
        assert!(is_near(*picture.get_pixel(blue.0, blue.1), BLUE), "{orientation}");
        if orientation == 6 {
            // The crop is meant as the picture is seen.
            let below = avatar(photograph, Some(Crop { x: 50, y: 110, side: 80 })).await.unwrap();
            assert!(shown(&below).pixels().all(|pixel| is_near(*pixel, BLUE)));
        }
    }
}

#[test]
fn the_end_of_a_jpeg_is_found() {
    let jpeg = file(halves(64, 64), ImageFormat::Jpeg);
    assert!(jpeg::is_whole(&jpeg));
    assert!(jpeg::is_whole(&[&jpeg[..], b"and more"].concat()));
    for part in 0..jpeg.len() {
        assert!(!jpeg::is_whole(&jpeg[..part]), "{part}");
    }
}

#[tokio::test]
async fn a_flood_is_refused_at_once() {
    let images = LocalImages::new();
    // Whoever waits for a lane holds a place.
    let places = images.queue.acquire_many(10).await.unwrap();
    let refused = tokio::time::timeout(Duration::from_secs(1), images.avatar(Vec::new(), None)).await.unwrap();
    assert_eq!(refused, Err(ImageError::Busy));
    drop(places);
    assert!(images.avatar(file(halves(2, 2), ImageFormat::Png), None).await.is_ok());
}
