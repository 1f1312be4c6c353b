//! The numbers of the data elements. What each looks like on the wire is the dialect's business.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Unexpected};
use serde::{Serialize, Serializer};

/// The number of a data element, 2 to 64.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Field(u8);

impl Field {
    /// 主账号.
    pub const PAN: Self = Self(2);
    /// 交易处理码, n6.
    pub const PROCESSING_CODE: Self = Self(3);
    /// 交易金额 in fen, n12.
    pub const AMOUNT: Self = Self(4);
    /// 受卡方系统跟踪号 (system trace audit number), n6.
    pub const STAN: Self = Self(11);
    /// 受卡方所在地时间 hhmmss, filled in by the host.
    pub const TIME: Self = Self(12);
    /// 受卡方所在地日期 MMDD, filled in by the host.
    pub const DATE: Self = Self(13);
    /// 卡有效期 YYMM.
    pub const EXPIRY: Self = Self(14);
    /// 清算日期 MMDD.
    pub const SETTLEMENT_DATE: Self = Self(15);
    /// 服务点输入方式码, n3: `032` for a scanned code.
    pub const ENTRY_MODE: Self = Self(22);
    /// 卡序列号, n3.
    pub const CARD_SEQUENCE: Self = Self(23);
    /// 服务点条件码, n2.
    pub const CONDITION: Self = Self(25);
    /// 服务点PIN获取码, n2.
    pub const PIN_CAPTURE: Self = Self(26);
    /// 受理方标识码, n..11.
    pub const ACQUIRER: Self = Self(32);
    /// 第二磁道数据.
    pub const TRACK_2: Self = Self(35);
    /// 第三磁道数据.
    pub const TRACK_3: Self = Self(36);
    /// 检索参考号 (retrieval reference number), an12.
    pub const RRN: Self = Self(37);
    /// 授权标识应答码, an6.
    pub const AUTH_CODE: Self = Self(38);
    /// 应答码, an2; in a reversal request its reason.
    pub const RESPONSE: Self = Self(39);
    /// 受卡机终端标识码, ans8.
    pub const TERMINAL: Self = Self(41);
    /// 受卡方标识码, ans15.
    pub const MERCHANT: Self = Self(42);
    /// 受卡方名称地址, ans40.
    pub const MERCHANT_NAME: Self = Self(43);
    /// 附加响应数据: issuer and acquirer, eleven characters each.
    pub const ADDITIONAL: Self = Self(44);
    /// 附加数据: settlement totals, batch details.
    pub const TOTALS: Self = Self(48);
    /// 交易货币代码, an3: `156`.
    pub const CURRENCY: Self = Self(49);
    /// 个人标识码数据, an encrypted PIN block.
    pub const PIN: Self = Self(52);
    /// 安全控制信息, n16.
    pub const SECURITY: Self = Self(53);
    /// 余额.
    pub const BALANCE: Self = Self(54);
    /// IC卡数据域, TLV.
    pub const CHIP: Self = Self(55);
    /// 自定义域 59: tagged data, the payment code among it.
    pub const CODE: Self = Self(59);
    /// 自定义域 60: transaction type, batch, network management code.
    pub const BATCH: Self = Self(60);
    /// 原始信息域: batch, STAN and date of the original.
    pub const ORIGINAL: Self = Self(61);
    /// 自定义域 62: working keys, the terminal's serial number.
    pub const KEYS: Self = Self(62);
    /// 自定义域 63: operator or wallet, reason code, text.
    pub const REASON: Self = Self(63);
    /// 报文鉴别码.
    pub const MAC: Self = Self(64);

    /// The field of that number; `None` outside 2 to 64.
    pub const fn new(number: u8) -> Option<Self> {
        if number >= 2 && number <= 64 {
            Some(Self(number))
        } else {
            None
        }
    }

    /// The number, 2 to 64.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// As an index into a table of 65 places.
    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }

    /// The bit in a bitmap read as a big-endian number: field 1 is the highest bit.
    pub(super) const fn bit(self) -> u64 {
        1 << (64 - self.0)
    }

    /// The field of the highest bit that is set; `None` for an empty bitmap. Bit 1, which announces
    /// a second bitmap, must not be in it.
    pub(super) const fn first_in(bitmap: u64) -> Option<Self> {
        if bitmap == 0 {
            None
        } else {
            Some(Self(bitmap.leading_zeros() as u8 + 1))
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DE{}", self.0)
    }
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.0)
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = u8::deserialize(deserializer)?;
        Self::new(number).ok_or_else(|| {
            D::Error::invalid_value(Unexpected::Unsigned(number.into()), &"a field from 2 to 64")
        })
    }
}

/// The fields of a bitmap, lowest number first.
#[derive(Clone, Debug)]
pub struct Fields(pub(super) u64);

impl Iterator for Fields {
    type Item = Field;

    fn next(&mut self) -> Option<Field> {
        let field = Field::first_in(self.0)?;
        self.0 &= !field.bit();
        Some(field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_have_numbers_from_2_to_64() {
        assert_eq!(Field::new(1), None);
        assert_eq!(Field::new(65), None);
        assert_eq!(Field::new(4), Some(Field::AMOUNT));
        assert_eq!(Field::MAC.to_string(), "DE64");
    }

    #[test]
    fn a_bitmap_is_read_from_its_highest_bit() {
        let fields: Vec<u8> = Fields(0x3020_0480_00C0_8031).map(Field::number).collect();
        assert_eq!(fields, [3, 4, 11, 22, 25, 41, 42, 49, 59, 60, 64]);
        assert_eq!(Fields(0).next(), None);
    }
}
