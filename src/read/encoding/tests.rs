use encoding_rs::GB18030;

use super::*;

fn decoded(bytes: &[u8]) -> (String, &'static str, bool) {
    let mut reader = TextReader::new(bytes, None).unwrap();
    let mut text = String::new();
    reader.read_to_string(&mut text).unwrap();
    (text, reader.encoding(), reader.malformed())
}

const CHINESE: &str = "岗位：运维工程师，负责容器平台的建设与稳定性保障，熟悉Kubernetes。";
const JAPANESE: &str = "クラウド基盤の設計と運用を担当するエンジニアを募集しています。";
const KOREAN: &str = "클라우드 인프라를 운영하는 엔지니어를 찾고 있습니다. 경력 3년 이상.";
const GERMAN: &str =
    "Wir suchen einen Entwickler für unser Büro in München, Straße 5, schöne Grüße.";

#[test]
fn encodings_of_several_languages_are_told() {
    for (text, name) in [
        (CHINESE, "gb18030"),
        (JAPANESE, "Shift_JIS"),
        (KOREAN, "EUC-KR"),
        (GERMAN, "windows-1252"),
    ] {
        let encoding = Encoding::for_label(name.as_bytes()).unwrap();
        let (bytes, _, _) = encoding.encode(text);
        let (found, told, malformed) = decoded(&bytes);
        assert_eq!((found.as_str(), malformed), (text, false), "{told}");
        assert_eq!(told.to_lowercase(), name.to_lowercase());
    }
    assert_eq!(decoded(CHINESE.as_bytes()), (CHINESE.into(), "UTF-8", false));
}

#[test]
fn utf16_is_told_with_and_without_a_mark() {
    for text in [CHINESE, "title,text\na,b\n"] {
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let marked = [&[0xff, 0xfe], le.as_slice()].concat();
        assert_eq!(decoded(&marked), (text.into(), "UTF-16LE", false));
        if text.is_ascii() {
            assert_eq!(decoded(&le), (text.into(), "UTF-16LE", false));
            assert_eq!(decoded(&be), (text.into(), "UTF-16BE", false));
        }
    }
    let marked = [&[0xef, 0xbb, 0xbf], CHINESE.as_bytes()].concat();
    assert_eq!(decoded(&marked), (CHINESE.into(), "UTF-8", false));
}

#[test]
fn a_long_ascii_beginning_hides_nothing() {
    let mut bytes = vec![b'a'; 3 * CHUNK - 1];
    bytes.extend_from_slice(&GB18030.encode(CHINESE).0);
    let (text, name, malformed) = decoded(&bytes);
    assert!(text.ends_with(CHINESE) && !malformed);
    assert_eq!(name, "gb18030");
}

#[test]
fn damage_is_replaced_and_flagged() {
    let bytes = [CHINESE.as_bytes(), b"\xff\xfe", CHINESE.as_bytes()].concat();
    let (text, name, malformed) = decoded(&bytes);
    assert!(text.contains('\u{fffd}') && malformed);
    assert_eq!(name, "UTF-8");
    assert!(decoded(b"a\0b").0.contains('\0'));
}

#[test]
fn characters_survive_chunk_ends() {
    let text = CHINESE.repeat(5_000);
    for shift in 0..3 {
        let shifted = format!("{}{text}", "x".repeat(shift));
        assert_eq!(decoded(shifted.as_bytes()), (shifted, "UTF-8", false));
    }
}

#[test]
fn an_encoding_can_be_asked_for() {
    let bytes = GB18030.encode(CHINESE).0;
    let mut reader = TextReader::new(&*bytes, Some("GBK")).unwrap();
    assert_eq!(reader.peek(1_000).unwrap(), CHINESE);
    assert!(TextReader::new(&b""[..], Some("utf-99")).is_err());
}

/// Tables as people export them, a handful of short rows.
const TABLES: [(&str, &str); 16] = [
    ("Shift_JIS", "職種,仕事内容\n調理師,料理を作る\n保育士,子どもの世話\n"),
    ("Shift_JIS", "募集職種\t勤務地\n塗装工\t大阪\n溶接工\t名古屋\n"),
    ("Shift_JIS", "会社,求人\n青木運送,ﾄﾗｯｸ運転手\n山田建設,現場監督\n東海ﾎﾃﾙ,ﾌﾛﾝﾄ\n"),
    ("EUC-JP", "職種,仕事内容\n美容師,髪を切ります\n大工,家を建てます\n"),
    ("EUC-KR", "직무,내용\n요리사,음식을 만듭니다\n미용사,머리를 자릅니다\n"),
    ("EUC-KR", "회사명;근무지\n한빛전자;서울\n새봄병원;부산\n푸른유치원;대전\n"),
    ("gb18030", "岗位,职责\n厨师,炒菜\n司机,送货\n"),
    ("gb18030", "招聘单位,学历\n长城物流,大专\n春天幼儿园,本科\n红星酒店,不限\n"),
    ("Big5", "職缺名稱,工作內容\n廚師,準備餐點\n司機,運送貨物\n"),
    ("Big5", "公司,地點\n永豐食品,台中\n大同醫院,高雄\n建國小學,新竹\n"),
    ("windows-1251", "Должность;Описание\nПОВАР;ГОТОВИТЬ ОБЕДЫ\nСварщик;Варить трубы\n"),
    ("windows-1251", "ВАКАНСИЯ;ГОРОД\nСТОЛЯР;ТУЛА\nМАЛЯР;ПЕРМЬ\n"),
    ("KOI8-U", "Вакансия,Город\nповар,Тула\nслесарь,Пермь\nучитель физики,Омск\n"),
    ("IBM866", "Вакансия,Город\nПовар,Тула\nСлесарь,Пермь\nУчитель физики,Омск\n"),
    ("windows-1252", "Stelle;Aufgaben\nKöchin;Süßspeisen – für 80 €\nTischler;Möbel bauen\n"),
    (
        "windows-1250",
        "Stanowisko;Obowiązki\nŚlusarz;Naprawa zamków i okuć\nKsięgowa;Bieżące księgi\n",
    ),
];

#[test]
fn short_tables_are_read_in_their_encoding() {
    for (label, text) in TABLES {
        let encoding = Encoding::for_label(label.as_bytes()).unwrap();
        let (bytes, _, unmappable) = encoding.encode(text);
        assert!(!unmappable, "{label}: {text}");
        let (found, told, malformed) = decoded(&bytes);
        assert_eq!((found.as_str(), malformed), (text, false), "{label} was read as {told}");
    }
}

#[test]
fn tables_without_known_names_too() {
    for (label, text) in TABLES {
        // Only the rows: no name helps.
        let rows: String = text.lines().skip(1).map(|line| format!("{line}\n")).collect();
        let long = rows.repeat(3);
        let encoding = Encoding::for_label(label.as_bytes()).unwrap();
        let (found, told, _) = decoded(&encoding.encode(&long).0);
        assert_eq!(found, long, "{label} was read as {told}");
    }
}

#[test]
fn utf16_without_a_mark_in_any_script() {
    for (_, text) in TABLES {
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decoded(&le), (text.into(), "UTF-16LE", false));
        assert_eq!(decoded(&be), (text.into(), "UTF-16BE", false));
    }
}

#[test]
fn what_is_not_clear_is_said_with_the_option() {
    let doubt = |bytes: &[u8]| {
        let mut reader = TextReader::new(bytes, None).unwrap();
        let sample = reader.peek(1_000).unwrap();
        reader.doubt(&sample)
    };
    for bytes in [&b"a;b\n\x9d\x81\x8f\xfd\xff;c\n"[..], b"x\x81,\x8d\x90\n\x9d1,\xa4\xf7\n"] {
        let said = doubt(bytes).unwrap_or_default();
        assert!(said.contains("--encoding"), "{bytes:x?}: {said:?}");
    }
    for (label, text) in TABLES {
        let encoding = Encoding::for_label(label.as_bytes()).unwrap();
        let said = doubt(&encoding.encode(text).0);
        assert!(said.is_none(), "{label}: {said:?}");
    }
    let twice = "Titel;Text\nKÃ¶chin;fÃ¼r SÃ¼ÃŸspeisen\nBÃ¤cker;BrÃ¶tchen\n";
    assert!(doubt(twice.as_bytes()).unwrap().contains("windows-1252"));
    assert_eq!(doubt("Titel;Text\nKöchin;für Süßspeisen\n".as_bytes()), None);
}
