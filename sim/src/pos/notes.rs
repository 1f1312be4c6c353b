//! The device's own record of faults and repairs: what it notes, and its handing over.
//!
//! Not here: what is noted where. Notes are records of the journal like any other.

use super::defects::Defect;
use super::device::Device;
use super::journal::Record;
use super::texts::Text;
use crate::terminal::{Action, DeviceLogEntry};
use crate::vocabulary::{Vocabulary, vocabulary};

/// The most that is remembered; the oldest goes first.
pub(super) const NOTES: usize = 200;

vocabulary! {
    /// What the device notes.
    Note ("note") {
        PowerBack = "power.on", "the power came back", "重新上电";
        StorageMended = "storage.mended", "the storage was damaged and mended from its copy", "存储损坏，已从备份恢复";
        StorageLost = "storage.fault", "the storage is damaged and no copy is whole", "存储损坏，备份不可用";
        ScannerDead = "scanner.dead", "the scanner does not work", "扫码器故障";
        ScannerBlind = "scanner.no-decode", "the scanner decodes nothing", "扫码器无法识读";
        ScannerWell = "scanner.ok", "the scanner works again", "扫码器恢复";
        PaperOut = "printer.paper-out", "the printer is out of paper", "打印机缺纸";
        PrinterJam = "printer.jam", "the printer is jammed", "打印机卡纸";
        PrinterWell = "printer.ok", "the printer works again", "打印机恢复";
        LinkDown = "link.down", "a link lost its network", "链路断开";
        LinkUp = "link.up", "a link has its network again", "链路恢复";
        SignInFailed = "host.sign-in", "a sign-in failed", "签到失败";
        InterfaceRefused = "interface.refused", "the acquirer does not support the software's interface version", "收单方不支持当前接口版本";
        BatchClosed = "batch.closed", "a batch was closed", "批次已结算";
        BatchDiffers = "batch.unbalanced", "a batch was closed and did not balance", "批次结算不平";
        SelfTestPassed = "self-test.ok", "the self-test found nothing", "自检正常";
        SelfTestFailed = "self-test.fault", "the self-test found a fault", "自检发现故障";
    }
}

impl Note {
    /// Whether it says that something works again.
    const fn is_repair(self) -> bool {
        matches!(self, Self::ScannerWell | Self::PrinterWell | Self::LinkUp)
    }
}

impl Device {
    /// Notes something, now.
    pub(super) fn note(&mut self, note: Note) {
        if note.is_repair() && self.defects.has(Defect::RepairsNotNoted) {
            return;
        }
        let noted = Record::Noted { note, at: self.now };
        if self.defects.has(Defect::NotesInMemory) {
            self.journal.remember_only(&noted);
        } else {
            self.journal.write(&noted);
        }
    }

    /// Hands the record over.
    pub(super) fn hand_over_notes(&mut self) {
        let lang = self.config.lang;
        let timeless = self.defects.has(Defect::NotesWithoutTimes);
        let entry = |&(at, note): &(crate::time::Time, Note)| DeviceLogEntry {
            at: if timeless { 0 } else { at.as_millis() },
            kind: note.id().into(),
            text: note.name(lang).into(),
        };
        let entries = self.journal.books().notes.iter().map(entry).collect();
        self.out.push(Action::DeviceLog { entries });
        self.show(Text::LogHandedOver);
    }
}
