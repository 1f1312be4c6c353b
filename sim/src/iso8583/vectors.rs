//! Frames captured from real terminals and hosts (2016 to 2021, all of them in public
//! repositories), which the built-in dialect must read to the last byte. One is constructed.

use super::mac::Algorithm;

/// MAC key of the test host that talks CBC.
pub(super) const CBC_KEY: &str = "F82A9BA462D57A7C";
/// MAC key of the terminal that scans codes.
pub(super) const ECB_KEY: &str = "DAB36167E6DFB5EF";

/// A frame, length bytes included.
pub(super) struct Vector {
    pub(super) name: &'static str,
    pub(super) hex: &'static str,
    /// How its DE64 was made, where the key is known.
    pub(super) mac: Option<(Algorithm, &'static str)>,
}

impl Vector {
    pub(super) fn frame(&self) -> Vec<u8> {
        super::hex::decode(self.hex).unwrap_or_default()
    }
}

/// The vector of that short name.
pub(super) fn vector(short: &str) -> &'static Vector {
    VECTORS
        .iter()
        .find(|vector| vector.name.split(' ').next() == Some(short))
        .unwrap_or_else(|| panic!("no vector {short}"))
}

/// All of them.
pub(super) const VECTORS: &[Vector] = &[
    Vector {
        name: "M2 bill payment by chip card",
        hex: "012960058100006031000000000200702406C020C19A1119621214200000000001201900000000000000\
              011603102912051000008106376212142000000000012D29122206899031006F35323031303030393839\
              3835323031353431313030303400594B5037375347304332363332333532303134303930393335363138\
              34202020202020202020202020202020203730303030303030323031383039233135369CA4E8A0FA2C49\
              B3260000000000000001029F2608BD23789651C50E119F2701809F101307010103A0A804010A01000004\
              5796F2D315039F3704A1DD65379F36020FFE950580800460009A031811139C01309F0206000000000000\
              5F2A02015682027C009F1A0201569F03060000000000009F3303604800001622181114000000609F1D28\
              FB9E1CE689",
        mac: Some((Algorithm::Cbc, CBC_KEY)),
    },
    Vector {
        name: "M3 its answer",
        hex: "010660000005816031000000000210703E02810AC1823119621214200000000001201900000000000000\
              011603101603111114291211140000810848027000313630333131393039303936303035323031303030\
              3938393835323031353431313030303400594B5037375347304332363332333532303134303930393335\
              363138342020202020202020202020202020202037303030303030303230313830392331353600369F36\
              020FFE910A5F6B34A693E5BEE430307211860F04DA9F790A000000052000E4CCA9010042424930303030\
              3030303030307C30317CC7EBC7F3BDF0BBAAEEA3B5D8BDC9B7D1BDD3BFDACAA7B0DC7C23001622181114\
              00000060AE665DB5271BBEEE",
        mac: Some((Algorithm::Cbc, CBC_KEY)),
    },
    Vector {
        name: "M4 balance inquiry",
        hex: "00E660058100006031000000000200602406C020C09A1119621214200000000001203000001604182912\
              051000000006376212142000000000012D29122206899031006F35323031303030393839383532303135\
              343131303030343135369CA4E8A0FA2C49B3260000000000000001029F2608BD23789651C50E119F2701\
              809F101307010103A0A804010A010000045796F2D315039F3704A1DD65379F36020FFE95058080046000\
              9A031811139C01309F02060000000000005F2A02015682027C009F1A0201569F03060000000000009F33\
              0360480000160118111400000060E26897180E0B5562",
        mac: Some((Algorithm::Cbc, CBC_KEY)),
    },
    Vector {
        name: "M5 its answer",
        hex: "00BD60000005816031000000000210603802810AC0861119621214200000000001203000001604181604\
              181114000000084802700031363034313839303930393730303532303130303039383938353230313534\
              313130303034313536004031303031313536433030313739393835363737373130303231353643303031\
              37393938383437373400369F36020FFE910A5F6B34A693E5BEE430307211860F04DA9F790A0000000520\
              00E4CCA90100160118111400000060145CAB84E61A623A",
        mac: Some((Algorithm::Cbc, CBC_KEY)),
    },
    Vector {
        name: "M6 bill payment",
        hex: "012960058100006031000000000200702406C020C19A1119621214200000000001201900000000000000\
              022024512912051000008106376212142000000000012D29122206899031006F35323031303030393839\
              3835323031353431313030303400594B5037375347304332363332333532303134303930393335363138\
              34202020202020202020202020202020203730303030303030323031383039233135369CA4E8A0FA2C49\
              B3260000000000000001029F2608BD23789651C50E119F2701809F101307010103A0A804010A01000004\
              5796F2D315039F3704A1DD65379F36020FFE950580800460009A031811139C01309F0206000000000000\
              5F2A02015682027C009F1A0201569F03060000000000009F3303604800001622181114000000608FE71A\
              FC8252D683",
        mac: Some((Algorithm::Cbc, CBC_KEY)),
    },
    Vector {
        name: "M7 its answer",
        hex: "010660000005816031000000000210703E02810AC1823119621214200000000001201900000000000000\
              022024512024531114291211140000810848027000323032343533393038313036303035323031303030\
              3938393835323031353431313030303400594B5037375347304332363332333532303134303930393335\
              363138342020202020202020202020202020202037303030303030303230313830392331353600369F36\
              020FFE910A5F6B34A693E5BEE430307211860F04DA9F790A000000052000E4CCA9010042424930303030\
              3030303030307C30317CC7EBC7F3BDF0BBAAEEA3B5D8BDC9B7D1BDD3BFDACAA7B0DC7C23001622181114\
              0000006098CC9913DA65F387",
        mac: Some((Algorithm::Cbc, CBC_KEY)),
    },
    Vector {
        name: "M8 bill payment",
        hex: "012960058100006031000000000200702406C020C19A1119621214200000000001201900000000000000\
              032043022912051000008106376212142000000000012D29122206899031006F35323031303030393839\
              3835323031353431313030303400594B5037375347304332363332333532303134303930393335363138\
              34202020202020202020202020202020203730303030303030323031383039233135369CA4E8A0FA2C49\
              B3260000000000000001029F2608BD23789651C50E119F2701809F101307010103A0A804010A01000004\
              5796F2D315039F3704A1DD65379F36020FFE950580800460009A031811139C01309F0206000000000000\
              5F2A02015682027C009F1A0201569F03060000000000009F33036048000016221811140000006022D951\
              B5CAE6A85E",
        mac: Some((Algorithm::Cbc, CBC_KEY)),
    },
    Vector {
        name: "M9 its answer",
        hex: "010660000005816031000000000210703E02810AC1823119621214200000000001201900000000000000\
              032043022043041114291211140000810848027000323034333034393038313037303035323031303030\
              3938393835323031353431313030303400594B5037375347304332363332333532303134303930393335\
              363138342020202020202020202020202020202037303030303030303230313830392331353600369F36\
              020FFE910A5F6B34A693E5BEE430307211860F04DA9F790A000000052000E4CCA9010042424930303030\
              3030303030307C30317CC7EBC7F3BDF0BBAAEEA3B5D8BDC9B7D1BDD3BFDACAA7B0DC7C23001622181114\
              00000060B3930F83C4820485",
        mac: Some((Algorithm::Cbc, CBC_KEY)),
    },
    Vector {
        name: "Q1 scan sale",
        hex: "0069600601000061310031110802003020048000C0803100000000000000000100000103200032323030\
              333630303130343531323534313131303030313135360024413330313936323131313131313131313131\
              3131313131310013220066030006004535383035454342",
        mac: Some((Algorithm::Ecb, ECB_KEY)),
    },
    Vector {
        name: "Q2 its answer, declined and without DE64",
        hex: "009560000006016131003111080210303A00810AD0803200000000000000000100000110123604130413\
              000800096500313031323336303631313330393432323030333630303130343531323534313131303030\
              312230303030303030302020203631303436353030202020313536002441333031393632313131313131\
              31313131313131313131310013220066030006000003202020",
        mac: None,
    },
    Vector {
        name: "Q3 reversal of Q1 (constructed, not captured)",
        hex: "007D600601000061310031110804003020048002C0803900000000000000000100000103200039383232\
              303033363030313034353132353431313130303031313536002441333031393632313131313131313131\
              313131313131313100132200660300060000163030363630333030303030313034313345443346324433\
              32",
        mac: Some((Algorithm::Ecb, ECB_KEY)),
    },
    Vector {
        name: "N1 sign-in",
        hex: "0057600601000061310031110808000020000000C0001600000132323030333630303130343531323534\
              313131303030310011000000000030002553657175656E6365204E6F3132333036303232303033363030\
              0003303031",
        mac: None,
    },
    Vector {
        name: "N2 its answer with keys",
        hex: "007960000006016031003118120810003800010AC0001400000010520304130800096500313035323033\
              3037383838323030323230303336303031303435313235343131313030303100110000660300300040E0\
              1B3E860949EE4C0BDDD573168ED6BA097575553945990F875BA4EB0000000000000000EDE09D04",
        mac: None,
    },
    Vector {
        name: "N3 sign-in with a serial number",
        hex: "005B600501000060310031131208000020000000C0001600000131303030303135393838303231303031\
              303231303136300011000000010030002953657175656E6365204E6F3136333135305358582D34433330\
              343131390003303120",
        mac: None,
    },
    Vector {
        name: "N4 sign-in without DE62",
        hex: "003B600006000060220000000008000020000000C0001200124735384430313131353838373538443034\
              38313635353535001100000001003000023031",
        mac: None,
    },
    Vector {
        name: "E1 answer A0 to a sale, MAC in DE64, its card number replaced",
        hex: "010C600003000060310031FFF10210703C028002C08A3119621214200000000001200000000000000055\
              880000231654191115231200010041303239383030303133383438323930343431313136303030313536\
              260000000000000001459F2608DEAE676D1C4734119F2701809F101307020103A0A806010A0100000000\
              0098F01F529F3704AA0FBE659F360203499505008004E0009A031611159C01009F02060000000055885F\
              2A02015682027C009F1A0201569F03060000000000009F3303E0E1C89F34034203009F3501229F1E0831\
              323334353637388408A0000003330101019F090200309F41040000000300123030303030313030303137\
              380013220000000006004244454432463843",
        mac: None,
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iso8583::dialect::Dialect;
    use crate::iso8583::field::Field;
    use crate::iso8583::hex;
    use crate::iso8583::mac::MacKey;

    #[test]
    fn every_captured_frame_is_read_to_its_last_byte() {
        for vector in VECTORS {
            let packet = Dialect::cup().parse_frame(&vector.frame());
            let packet = packet.unwrap_or_else(|error| panic!("{}: {error}", vector.name));
            assert_eq!(packet.leftover, 0, "{}", vector.name);
        }
    }

    #[test]
    fn every_mac_whose_key_is_known_verifies_and_no_other_byte_does() {
        for vector in VECTORS {
            let Some((algorithm, key)) = vector.mac else {
                continue;
            };
            let key = MacKey::new(algorithm, &hex::decode(key).unwrap()).unwrap();
            let frame = vector.frame();
            let packet = Dialect::cup().parse_frame(&frame).unwrap();
            assert!(key.verify(&frame[2..], &packet), "{}", vector.name);
            for index in 11..frame.len() - 2 {
                let mut body = frame[2..].to_vec();
                body[index] ^= 0x01;
                assert!(!key.verify(&body, &packet), "{} byte {index}", vector.name);
            }
        }
    }

    #[test]
    fn every_captured_frame_is_written_again_as_it_was() {
        for vector in VECTORS {
            let frame = vector.frame();
            let packet = Dialect::cup().parse_frame(&frame).unwrap();
            let mut again = Vec::new();
            Dialect::cup()
                .emit(packet.tpdu, packet.header, &packet.message, &mut again)
                .unwrap();
            // That test host's terminal fills the odd nibble of track 2 with F, the dialect with 0.
            if packet.message.has(Field::TRACK_2) {
                let span = packet.span(Field::TRACK_2).unwrap();
                again[2 + span.offset + span.length - 1] |= 0x0F;
            }
            assert_eq!(hex::encode(&again), vector.hex, "{}", vector.name);
        }
    }

    #[test]
    fn the_fields_of_a_scan_sale_have_their_values() {
        let message = Dialect::cup()
            .parse_frame(&vector("Q1").frame())
            .unwrap()
            .message;
        for (field, value) in [
            (Field::PROCESSING_CODE, "000000"),
            (Field::AMOUNT, "000000000001"),
            (Field::STAN, "000001"),
            (Field::ENTRY_MODE, "032"),
            (Field::CONDITION, "00"),
            (Field::TERMINAL, "22003600"),
            (Field::MERCHANT, "104512541110001"),
            (Field::CURRENCY, "156"),
            (Field::CODE, "A30196211111111111111111"),
            (Field::BATCH, "2200660300060"),
            (Field::MAC, "E5805ECB"),
        ] {
            assert_eq!(message.text(field), Some(value), "{field}");
        }
        assert_eq!(message.fields().count(), 11);
        assert_eq!(
            Dialect::cup().code().get(&message),
            Some(&b"6211111111111111111"[..])
        );
    }

    #[test]
    fn a_track_has_its_separator_and_loses_its_fill() {
        let message = Dialect::cup()
            .parse_frame(&vector("M2").frame())
            .unwrap()
            .message;
        assert_eq!(
            message.text(Field::TRACK_2),
            Some("6212142000000000012=29122206899031006")
        );
        assert_eq!(message.text(Field::PAN), Some("6212142000000000012"));
        assert_eq!(message.text(Field::ENTRY_MODE), Some("051"));
        assert_eq!(message.text(Field::CARD_SEQUENCE), Some("000"));
    }
}
