//! Reads contracts from Parquet, one row at a time.
//!
//! The `parquet` crate reads pages as they are stored; they are decompressed here, within bounds, also zstd, for which it would need C.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use parquet::basic::{Compression, LogicalType, TimeUnit};
use parquet::bloom_filter::Sbbf;
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{ParquetMetaDataReader, RowGroupMetaData};
use parquet::file::reader::RowGroupReader;
use parquet::file::serialized_reader::SerializedPageReader;
use parquet::record::Field;
use parquet::record::reader::RowIter;
use parquet::schema::types::Type;
use ruzstd::decoding::StreamingDecoder;
use time::{Date, OffsetDateTime};

use super::super::json::{Json, known_key};
use super::super::raw::{Content, ContractKind, Event, Position, Raw, ReadError, Sink};
use super::header::Columns;

/// Maximum size of a page, decompressed. Writers make pages of about a megabyte.
const MAX_PAGE_BYTES: u64 = 64 << 20;
/// Rows of a column that are decoded at once.
const BATCH: usize = 1_024;

/// Passes each row to `sink`, in file order.
///
/// # Errors
/// A file that is no table of contracts, and the row from which on it cannot be read.
pub(in super::super) fn read_parquet(file: File, sink: &mut Sink<'_>) -> std::result::Result<(), ReadError> {
    let mut row = 0;
    // Damaged files are known to panic inside the reader.
    let read = crate::guarded::catch(|| rows(file, &mut row, sink));
    let message = match read {
        Some(Ok(read)) => return read,
        Some(Err(error)) => error.to_string(),
        None => "it is damaged".to_owned(),
    };
    Err(match row {
        0 => ReadError::Unknown(format!("is a Parquet file that cannot be read: {message}")),
        _ => ReadError::Broken {
            position: Position::Row(row + 1),
            message,
        },
    })
}

fn rows(file: File, row: &mut u64, sink: &mut Sink<'_>) -> Result<std::result::Result<(), ReadError>> {
    let metadata = ParquetMetaDataReader::new().parse_and_finish(&file)?;
    let file = Arc::new(file);
    let schema = metadata.file_metadata().schema();
    let columns = match Columns::of(schema.get_fields().iter().map(|field| field.name())) {
        Ok(columns) => columns,
        Err(reason) => return Ok(Err(ReadError::Unknown(reason))),
    };
    // Only the columns that are read.
    let fields = schema
        .get_fields()
        .iter()
        .enumerate()
        .filter(|(at, _)| columns.is_read(*at));
    let fields: Vec<_> = fields.map(|(_, field)| field.clone()).collect();
    let times: Vec<_> = fields.iter().map(|field| Time::of(field)).collect();
    let projection = Type::group_type_builder(schema.name()).with_fields(fields).build()?;
    for metadata in metadata.row_groups() {
        let group = Group { file: &file, metadata };
        let rows = RowIter::from_row_group(Some(projection.clone()), &group)?.with_batch_size(BATCH);
        for cells in rows {
            let cells = cells?;
            *row += 1;
            let mut size = 0;
            let values = cells
                .get_column_iter()
                .zip(&times)
                .map(|((_, field), time)| value(field, *time, &mut size));
            let fields = columns.fields_of_read(values);
            let sent = sink(Event::Record(Raw {
                position: Position::Row(*row),
                contract: ContractKind::Procurement,
                content: Content::Fields(fields, size),
            }));
            if sent.is_err() {
                return Ok(sent);
            }
        }
    }
    Ok(Ok(()))
}

/// How a column counts time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Time {
    /// Counts in a second; 0 if the column has no time.
    in_second: i64,
    /// Whether it is UTC, to which the writer converted a local time.
    is_utc: bool,
}

impl Time {
    fn of(column: &Type) -> Self {
        let time = match column.get_basic_info().logical_type_ref() {
            Some(LogicalType::Timestamp(time)) => Some((time.is_adjusted_to_u_t_c, time.unit)),
            _ => None,
        };
        let in_second = |unit| match unit {
            TimeUnit::MILLIS => 1_000,
            TimeUnit::MICROS => 1_000_000,
            TimeUnit::NANOS => 1_000_000_000,
        };
        Self {
            in_second: time.map_or(0, |(_, unit)| in_second(unit)),
            is_utc: time.is_some_and(|(is_utc, _)| is_utc),
        }
    }

    /// The day of a time. Midnight in Paris is an hour or two earlier in UTC, so two hours are added there.
    fn day(self, time: i64) -> String {
        const PARIS: i64 = 2 * 3_600;
        let local = if self.is_utc { PARIS } else { 0 };
        day(time.div_euclid(self.in_second) + local)
    }
}

/// The day of a number of seconds since 1970, or the number if it is in no calendar.
fn day(seconds: i64) -> String {
    let day = OffsetDateTime::from_unix_timestamp(seconds).map(OffsetDateTime::date);
    day.map_or_else(|_| seconds.to_string(), |day: Date| day.to_string())
}

/// A value as text, object or list. Adds its size in memory, about.
fn value(field: &Field, time: Time, size: &mut usize) -> Json {
    /// What a value takes beside its text, in bytes.
    const VALUE: usize = 100;
    *size += VALUE;
    match field {
        Field::Null => Json::Null,
        Field::Group(fields) => {
            let fields = fields
                .get_column_iter()
                .filter_map(|(name, field)| Some((known_key(name)?, value(field, time, size))));
            Json::Map(fields.collect())
        }
        Field::ListInternal(items) => Json::List(items.elements().iter().map(|item| value(item, time, size)).collect()),
        scalar => {
            let text = text(scalar, time);
            *size += text.len();
            Json::Scalar(text)
        }
    }
}

fn text(field: &Field, time: Time) -> String {
    match field {
        Field::Str(text) => text.clone(),
        Field::Bytes(bytes) => String::from_utf8_lossy(bytes.data()).into_owned(),
        Field::Double(number) => number.to_string(),
        Field::Float(number) => number.to_string(),
        Field::Date(days) => day(i64::from(*days) * 86_400),
        Field::Long(count) | Field::TimestampMillis(count) | Field::TimestampMicros(count) if time.in_second > 0 => {
            time.day(*count)
        }
        // Without the type of the column, which no file has.
        Field::TimestampMillis(count) => day(count.div_euclid(1_000)),
        Field::TimestampMicros(count) => day(count.div_euclid(1_000_000)),
        other => other.to_string(),
    }
}

/// The rows of a file that are stored together.
struct Group<'a> {
    file: &'a Arc<File>,
    metadata: &'a RowGroupMetaData,
}

impl RowGroupReader for Group<'_> {
    fn metadata(&self) -> &RowGroupMetaData {
        self.metadata
    }

    fn num_columns(&self) -> usize {
        self.metadata.num_columns()
    }

    fn get_column_page_reader(&self, column: usize) -> Result<Box<dyn PageReader>> {
        let metadata = self.metadata.column(column);
        let stored = metadata
            .clone()
            .into_builder()
            .set_compression(Compression::UNCOMPRESSED)
            .build()?;
        let rows = usize::try_from(self.metadata.num_rows())?;
        Ok(Box::new(Pages {
            stored: SerializedPageReader::new(Arc::clone(self.file), &stored, rows, None)?,
            compression: metadata.compression(),
        }))
    }

    fn get_column_bloom_filter(&self, _: usize) -> Option<&Sbbf> {
        None
    }

    fn get_row_iter(&self, projection: Option<Type>) -> Result<RowIter<'_>> {
        RowIter::from_row_group(projection, self)
    }
}

/// The pages of a column, decompressed.
struct Pages {
    stored: SerializedPageReader<File>,
    compression: Compression,
}

impl Pages {
    fn decompressed(&self, page: Page) -> Result<Page> {
        Ok(match page {
            Page::DataPage {
                buf,
                num_values,
                encoding,
                def_level_encoding,
                rep_level_encoding,
                statistics,
            } => Page::DataPage {
                buf: decompressed(buf, self.compression)?,
                num_values,
                encoding,
                def_level_encoding,
                rep_level_encoding,
                statistics,
            },
            Page::DictionaryPage {
                buf,
                num_values,
                encoding,
                is_sorted,
            } => Page::DictionaryPage {
                buf: decompressed(buf, self.compression)?,
                num_values,
                encoding,
                is_sorted,
            },
            Page::DataPageV2 {
                buf,
                num_values,
                encoding,
                num_nulls,
                num_rows,
                def_levels_byte_len,
                rep_levels_byte_len,
                is_compressed: true,
                statistics,
            } => {
                // The levels before the values are not compressed.
                let levels = def_levels_byte_len as usize + rep_levels_byte_len as usize;
                if levels > buf.len() {
                    return Err(ParquetError::General("a page is shorter than its levels".to_owned()));
                }
                let values = buf.slice(levels..);
                let values = if values.is_empty() {
                    values
                } else {
                    decompressed(values, self.compression)?
                };
                Page::DataPageV2 {
                    buf: Bytes::from([&buf[..levels], &values].concat()),
                    num_values,
                    encoding,
                    num_nulls,
                    num_rows,
                    def_levels_byte_len,
                    rep_levels_byte_len,
                    is_compressed: false,
                    statistics,
                }
            }
            stored @ Page::DataPageV2 { .. } => stored,
        })
    }
}

impl Iterator for Pages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl PageReader for Pages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        let page = self.stored.get_next_page()?;
        page.map(|page| self.decompressed(page)).transpose()
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.stored.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.stored.skip_next_page()
    }
}

fn decompressed(page: Bytes, compression: Compression) -> Result<Bytes> {
    let all = |source: &mut dyn Read| {
        let mut bytes = Vec::new();
        source.take(MAX_PAGE_BYTES + 1).read_to_end(&mut bytes)?;
        match bytes.len() as u64 > MAX_PAGE_BYTES {
            true => Err(io::Error::other(format!("a page of over {MAX_PAGE_BYTES} bytes"))),
            false => Ok(bytes),
        }
    };
    let bytes = match compression {
        Compression::UNCOMPRESSED => return Ok(page),
        Compression::ZSTD(_) => {
            let mut source = StreamingDecoder::new_with_max_window_size(&page[..], MAX_PAGE_BYTES)
                .map_err(|error| ParquetError::General(error.to_string()))?;
            all(&mut source)?
        }
        Compression::GZIP(_) => all(&mut MultiGzDecoder::new(&page[..]))?,
        Compression::SNAPPY => {
            let length = snap::raw::decompress_len(&page).map_err(io::Error::other)?;
            if length as u64 > MAX_PAGE_BYTES {
                return Err(ParquetError::General(format!("a page of over {MAX_PAGE_BYTES} bytes")));
            }
            snap::raw::Decoder::new()
                .decompress_vec(&page)
                .map_err(io::Error::other)?
        }
        other => {
            let message = format!("compression {other}; write the file with zstd, snappy or gzip, or as CSV");
            return Err(ParquetError::General(message));
        }
    };
    Ok(Bytes::from(bytes))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]
mod tests {
    use std::io::Write;

    use parquet::basic::{GzipLevel, ZstdLevel};
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    use super::*;

    #[test]
    fn pages_are_decompressed_within_bounds() {
        let text = "Entretien des berges ".repeat(1_000).into_bytes();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&text).unwrap();
        for (compressed, compression) in [
            (text.clone(), Compression::UNCOMPRESSED),
            (
                compress_to_vec(&text[..], CompressionLevel::Fastest),
                Compression::ZSTD(ZstdLevel::default()),
            ),
            (
                snap::raw::Encoder::new().compress_vec(&text).unwrap(),
                Compression::SNAPPY,
            ),
            (gzip.finish().unwrap(), Compression::GZIP(GzipLevel::default())),
        ] {
            assert_eq!(decompressed(compressed.clone().into(), compression).unwrap(), text);
            if compression != Compression::UNCOMPRESSED {
                assert!(decompressed(compressed[..compressed.len() / 2].to_vec().into(), compression).is_err());
            }
        }
        let bomb = compress_to_vec(io::repeat(0).take(MAX_PAGE_BYTES + 1), CompressionLevel::Fastest);
        let error = decompressed(bomb.into(), Compression::ZSTD(ZstdLevel::default())).unwrap_err();
        assert!(error.to_string().contains("a page of over 67108864 bytes"), "{error}");
        let error = decompressed(Bytes::new(), Compression::LZ4_RAW).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("write the file with zstd, snappy or gzip, or as CSV"),
            "{error}"
        );
    }

    #[test]
    fn values_are_texts_lists_and_objects() {
        let none = Time {
            in_second: 0,
            is_utc: false,
        };
        let millis = Time {
            in_second: 1_000,
            is_utc: false,
        };
        let nanos = Time {
            in_second: 1_000_000_000,
            ..millis
        };
        let utc = Time { is_utc: true, ..millis };
        for (field, time, expected) in [
            (Field::Str("Été".to_owned()), none, "Été"),
            (Field::Double(18_000.5), none, "18000.5"),
            (Field::Double(18_000.0), none, "18000"),
            (Field::Short(12), none, "12"),
            (Field::Long(12), none, "12"),
            (Field::Bool(true), none, "true"),
            (Field::Date(19_845), none, "2024-05-02"),
            (Field::Date(i32::MAX), none, "185542587100800"),
            (Field::TimestampMillis(1_714_608_000_000), millis, "2024-05-02"),
            (Field::Long(1_714_608_000_000_000_000), nanos, "2024-05-02"),
            // Midnight in Paris, in summer and in winter, and in UTC.
            (Field::TimestampMillis(1_714_600_800_000), utc, "2024-05-02"),
            (Field::TimestampMillis(1_704_150_000_000), utc, "2024-01-02"),
            (Field::TimestampMillis(1_714_608_000_000), utc, "2024-05-02"),
            (Field::TimestampMicros(-1), none, "1969-12-31"),
        ] {
            assert_eq!(
                value(&field, time, &mut 0),
                Json::Scalar(expected.to_owned()),
                "{field:?}"
            );
        }
        assert_eq!(value(&Field::Null, none, &mut 0), Json::Null);
    }
}
