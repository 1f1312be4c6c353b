//! The evidence of a run as a file: gzip of JSON lines – a header, a line for each case in the order of
//! the plan, an end. It is written while the run goes on, and what was written can be read whatever
//! becomes of the run. Described in `docs/evidence.md`.

mod read;
mod write;

pub use read::{Bundle, BundleError};
pub use write::BundleFile;

use serde::{Deserialize, Serialize};

use super::{CaseEvidence, RunEnd, RunHeader};

/// Name of the file.
pub const FILE: &str = "evidence.ndjson.gz";

/// A line that is read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Line {
    Header(Box<RunHeader>),
    Case(Box<CaseEvidence>),
    End(RunEnd),
}

/// A line that is written.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum LineOf<'a> {
    Header(&'a RunHeader),
    Case(&'a CaseEvidence),
    End(&'a RunEnd),
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write as _;

    use counterproof_scenarios::requirements::Requirement::Rev01;
    use counterproof_scenarios::verdict::Verdict;
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;
    use crate::evidence::{Reporter as _, Tally};
    use crate::report::testing::{case, ended, header, lost_answer};

    fn cases() -> Vec<CaseEvidence> {
        let cases = vec![
            lost_answer(case("reversal/silence", &[Rev01])),
            ended(case("reversal/b", &[Rev01]), Verdict::Pass, &[]),
            case("reversal/c", &[Rev01]),
        ];
        let numbered = cases.into_iter().enumerate();
        numbered
            .map(|(place, case)| CaseEvidence { place, ..case })
            .collect()
    }

    fn write(path: &std::path::Path, to_the_end: bool) -> RunEnd {
        let mut file = BundleFile::new(path.to_owned());
        let header = header(3);
        let mut tally = Tally::new(&header);
        file.begin(&header).unwrap();
        for case in cases() {
            tally.add(&case);
            file.case(&case).unwrap();
        }
        let end = tally.end();
        if to_the_end {
            file.end(&end).unwrap();
        } else {
            // A run that is killed drops nothing in order.
            std::mem::forget(file);
        }
        end
    }

    #[test]
    fn what_was_written_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        let end = write(&path, true);
        let mut bundle = Bundle::open(folder.path()).unwrap();
        assert_eq!(*bundle.header(), header(3));
        let mut read = Vec::new();
        while let Some(case) = bundle.next_case().unwrap() {
            read.push(case);
        }
        assert_eq!(read, cases());
        assert_eq!(bundle.end(), Some(&end));
    }

    #[test]
    fn a_run_that_is_killed_leaves_every_case_that_had_ended() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        write(&path, false);
        let mut bundle = Bundle::open(&path).unwrap();
        let mut count = 0;
        while bundle.next_case().unwrap().is_some() {
            count += 1;
        }
        assert_eq!((count, bundle.end()), (3, None));
    }

    #[test]
    fn a_torn_file_is_read_up_to_where_it_is_torn_and_a_changed_one_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        write(&path, true);
        let whole = fs::read(&path).unwrap();
        let mut most = 0;
        for length in 0..whole.len() {
            fs::write(&path, &whole[..length]).unwrap();
            let mut count = 0;
            match Bundle::open(&path) {
                Ok(mut bundle) => {
                    while bundle.next_case().unwrap().is_some() {
                        count += 1;
                    }
                }
                Err(BundleError::Empty { .. }) => {}
                Err(other) => panic!("torn at {length}: {other}"),
            }
            assert!(count >= most, "a longer file holds no less");
            most = count;
        }
        assert_eq!(most, 3);
        fs::write(&path, b"no gzip at all, whatever it is called\n").unwrap();
        assert!(matches!(Bundle::open(&path), Err(BundleError::Form { .. })));
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        packer.write_all(b"{\"header\":{}}\n").unwrap();
        fs::write(&path, packer.finish().unwrap()).unwrap();
        assert!(matches!(
            Bundle::open(&path),
            Err(BundleError::Form { line: 1, .. })
        ));
    }
}
