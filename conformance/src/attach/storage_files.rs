//! The files that a terminal keeps in the storage directory that it was given, to be damaged while it
//! has no power (PWR-02).

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::path::{Path, PathBuf};

use counterproof_sim::terminal::StorageDamage;

/// Damages one file, or all of them. The result is how many changed; `None` where the directory holds
/// nothing, because the terminal keeps its storage elsewhere.
pub(super) fn damage(storage: &Path, damage: StorageDamage) -> io::Result<Option<u32>> {
    let files = files(storage)?;
    if files.is_empty() {
        return Ok(None);
    }
    let one = damage.file.map(|n| n as usize % files.len());
    let mut changed = 0;
    for (n, path) in files.iter().enumerate() {
        if one.is_some_and(|one| one != n) {
            continue;
        }
        let mut content = fs::read(path)?;
        let before = content.clone();
        damage.apply(&mut content);
        if content != before {
            fs::write(path, content)?;
            changed += 1;
        }
    }
    Ok(Some(changed))
}

/// How long the files are, in the order of their names; `None` where there is none.
pub(super) fn lengths(storage: &Path) -> io::Result<Option<Vec<u64>>> {
    let files = files(storage)?;
    let lengths = files.iter().map(|path| Ok(fs::metadata(path)?.len()));
    let lengths = lengths.collect::<io::Result<Vec<u64>>>()?;
    Ok((!lengths.is_empty()).then_some(lengths))
}

/// What tells one state of the files from another; `None` where there is none.
pub(super) fn fingerprint(storage: &Path) -> io::Result<Option<u64>> {
    let files = files(storage)?;
    let mut state = DefaultHasher::new();
    for path in &files {
        path.hash(&mut state);
        fs::read(path)?.hash(&mut state);
    }
    Ok((!files.is_empty()).then(|| state.finish()))
}

/// Every file below a directory, in the order of their names.
fn files(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    collect(directory, &mut files)?;
    files.sort();
    Ok(files)
}

/// Every file below a directory.
fn collect(directory: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            collect(&entry.path(), files)?;
        } else if kind.is_file() {
            files.push(entry.path());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use counterproof_sim::terminal::DamageKind;

    use super::*;

    #[test]
    fn one_file_in_the_order_of_names_or_all_of_them() {
        let storage = tempfile::tempdir().unwrap();
        let emptied = |file| StorageDamage {
            kind: DamageKind::Emptied,
            file,
            place: 0,
        };
        assert_eq!(damage(storage.path(), emptied(None)).unwrap(), None);
        assert_eq!(lengths(storage.path()).unwrap(), None);
        assert_eq!(fingerprint(storage.path()).unwrap(), None);
        fs::create_dir(storage.path().join("b")).unwrap();
        let (a, b) = (storage.path().join("a"), storage.path().join("b/journal"));
        fs::write(&a, "one").unwrap();
        fs::write(&b, "two").unwrap();
        assert_eq!(lengths(storage.path()).unwrap(), Some(vec![3, 3]));
        let before = fingerprint(storage.path()).unwrap();
        assert_eq!(fingerprint(storage.path()).unwrap(), before);
        assert_eq!(damage(storage.path(), emptied(Some(3))).unwrap(), Some(1));
        assert_ne!(fingerprint(storage.path()).unwrap(), before);
        assert_eq!(fs::read(&a).unwrap(), b"one");
        assert_eq!(fs::read(&b).unwrap(), b"");
        assert_eq!(damage(storage.path(), emptied(None)).unwrap(), Some(1));
        assert_eq!(fs::read(&a).unwrap(), b"");
    }
}
