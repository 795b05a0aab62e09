//! The preview in a real browser, as a clerk uses it.

use crate::watch::{GOOD, ledger, watching};
use crate::watching::Watching;
use crate::webdriver::Browser;

const DOWN: &str = "\u{E015}";
const ENTER: &str = "\u{E007}";
const ESCAPE: &str = "\u{E00C}";

fn opened(text: &str) -> Option<(Browser, Watching)> {
    let browser = Browser::start()?;
    let watching = watching(text, &[]);
    browser.open(&watching.address);
    browser.wait("return document.documentElement.dataset.shown");
    Some((browser, watching))
}

/// Waits until the words on the pages hold a text.
fn wait_for_words(browser: &Browser, text: &str) {
    browser.wait(&format!(
        "return [...document.querySelectorAll('#pages .line')].some((line) => line.textContent.includes('{text}'))"
    ));
}

#[test]
fn an_edited_cell_is_on_the_page_and_the_scroll_stays() {
    let Some((browser, watching)) = opened(GOOD) else {
        return;
    };
    wait_for_words(&browser, "共发现7个问题");
    browser.run("document.getElementById('pages').scrollTop = 200");
    ledger(watching.folder.path(), &[("甲镇", 3.0), ("乙镇", 9.0)]);
    wait_for_words(&browser, "共发现12个问题");
    assert_eq!(
        browser.run("return document.getElementById('pages').scrollTop"),
        200
    );
    // The header is red ink, the text black: something is drawn, and in colour.
    let colours = browser.run(
        "const canvas = document.querySelector('.page canvas');
         const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
         let red = 0, black = 0;
         for (let i = 0; i < data.length; i += 4) {
           if (data[i] > 180 && data[i + 1] < 60) red += 1;
           if (data[i] < 60 && data[i + 1] < 60) black += 1;
         }
         return [red > 1000, black > 1000];",
    );
    assert_eq!(colours, serde_json::json!([true, true]));
}

#[test]
fn a_fault_is_told_beside_the_old_pages_until_it_is_mended() {
    let Some((browser, watching)) = opened(GOOD) else {
        return;
    };
    watching.write(&GOOD.replace("2026年7月1日", "2026年2月30日"));
    browser.wait("return document.querySelector('.status.bad')");
    let status = browser.run("return document.getElementById('status-text').textContent");
    let status = status.as_str().unwrap();
    assert!(
        status.contains("有1个错误") && status.contains("旧版"),
        "{status}"
    );
    let panel = browser.run("return document.getElementById('findings').innerText");
    let panel = panel.as_str().unwrap();
    for told in [
        "日历上没有“2026年2月30日”这一天",
        "通报.yaml:14:7",
        "建议",
        "2026年2月30日",
    ] {
        assert!(panel.contains(told), "{panel}");
    }
    assert_eq!(
        browser.run("return document.querySelectorAll('.stale .page').length"),
        2
    );
    assert_eq!(
        browser.run("return document.getElementById('print').disabled"),
        true
    );
    browser.click("#findings .go");
    browser.wait("return document.querySelector('.mark.found')");
    watching.write(GOOD);
    browser
        .wait("return document.querySelector('.status.good') && !document.querySelector('.stale')");
}

#[test]
fn a_click_on_a_figure_shows_its_cells() {
    let Some((browser, _watching)) = opened(GOOD) else {
        return;
    };
    wait_for_words(&browser, "共发现7个问题");
    browser.run(
        "const figures = [...document.querySelectorAll('.word.value')];
         figures.find((figure) => figure.textContent === '7').id = 'figure'",
    );
    browser.click("#figure");
    browser.wait("return document.querySelector('#origin table')");
    let origin = browser.run("return document.getElementById('origin').innerText");
    let origin = origin.as_str().unwrap();
    for told in [
        "求和(\"数量\")",
        "通报.yaml:10:24",
        "台账.xlsx:Sheet1!B2",
        "甲镇",
    ] {
        assert!(origin.contains(told), "{origin}");
    }
    assert_eq!(
        browser.run("return document.querySelectorAll('td.read').length"),
        2
    );
    browser.wait("return document.querySelector('.mark.picked')");
}

#[test]
fn hostile_words_stay_words() {
    let script = "<script>document.title='hacked'</script><img src=x onerror=alert(1)>";
    let link = "javascript:alert(1)";
    let text = GOOD
        .replace("请各单位认真整改", &format!("请{script}认真整改"))
        .replace("标题: 问题清单,", &format!("标题: '{link}',"));
    let Some((browser, watching)) = opened(&text) else {
        return;
    };
    ledger(watching.folder.path(), &[(script, 3.0), (link, 4.0)]);
    browser.wait("return document.documentElement.dataset.shown > 1");
    wait_for_words(&browser, "script");
    wait_for_words(&browser, "javascript:");
    watching.write(&text.replace(
        "发文字号: 某政办发〔2026〕1号",
        &format!("发文字号: '{script}'"),
    ));
    browser.wait("return document.querySelector('.status.bad')");
    let found = browser.run(
        "return [document.title.includes('hacked'),
          document.querySelectorAll('main script, main img, main iframe, main a').length,
          [...document.querySelectorAll('[href]')].filter((link) => link.href.startsWith('javascript')).length,
          document.getElementById('findings').innerText.includes('<script>')]",
    );
    assert_eq!(found, serde_json::json!([false, 0, 0, true]));
}

#[test]
fn the_keyboard_alone_reaches_words_and_panels() {
    let Some((browser, _watching)) = opened(GOOD) else {
        return;
    };
    browser.run("document.querySelector('#pages .word[tabindex=\"0\"]').focus()");
    browser.press(&[DOWN, DOWN, ENTER]);
    browser.wait("return document.querySelector('#origin blockquote')");
    assert_eq!(
        browser.run("return document.getElementById('origin').hidden"),
        false
    );
    // Everything that can be pressed has a name that is read out.
    let nameless = browser.run(
        "return [...document.querySelectorAll('button, a, select, [role=button], [role=tab]')]
          .filter((one) => !(one.getAttribute('aria-label') || one.textContent.trim() || one.labels?.length)).length",
    );
    assert_eq!(nameless, 0);
    browser.press(&[ESCAPE]);
    browser.wait("return !document.querySelector('.mark.picked')");
}

#[test]
fn a_narrow_window_shows_the_page_whole_and_the_panel_when_asked() {
    let Some((browser, _watching)) = opened(GOOD) else {
        return;
    };
    browser.resize(420, 800);
    browser.wait("return getComputedStyle(document.getElementById('panel')).display === 'none'");
    let fits = "const area = document.getElementById('pages'); return area.scrollWidth <= area.clientWidth";
    browser.wait(fits);
    browser.click("#status");
    browser.wait("return getComputedStyle(document.getElementById('panel')).display !== 'none'");
}

#[test]
fn changes_since_the_start_are_tinted_and_listed() {
    let Some((browser, watching)) = opened(GOOD) else {
        return;
    };
    ledger(watching.folder.path(), &[("甲镇", 3.0), ("乙镇", 9.0)]);
    wait_for_words(&browser, "共发现12个问题");
    browser.wait("return document.querySelectorAll('#base option').length > 1");
    browser.run(
        "const base = document.getElementById('base');
         base.value = '1';
         base.dispatchEvent(new Event('change'))",
    );
    browser.wait("return document.querySelectorAll('.mark.changed').length === 2");
    let listed = browser.run("return document.getElementById('changes').textContent");
    assert!(listed.as_str().unwrap().contains("2处"), "{listed}");
}

/// Two units with rows, each of which gets a notice.
const BATCH: &str = "文种: 问题通报
标题: 某县人民政府办公室关于政务新媒体检查情况的通报
发文机关标志: 某县人民政府办公室文件
发文字号: 某政办发〔2026〕1号
主送机关: 各乡镇人民政府
表格:
  问题清单: {文件: 台账.xlsx}
正文: |
  本次检查共发现{{ 问题清单|求和(\"数量\") }}个问题。
署名: 某县人民政府办公室
成文日期: 2026年7月1日
批量:
  起始字号: 某政办函〔2026〕5号
  通知:
    文种: 问题通报
    标题: 某县人民政府办公室关于整改的通报
    主送机关: \"{{ 单位 }}\"
    正文: |
      检查发现你单位存在问题{{ 问题清单|求和(\"数量\") }}个。
";

#[test]
fn every_notice_of_a_batch_is_a_card_that_opens_and_follows_a_save() {
    let Some((browser, watching)) = opened(BATCH) else {
        return;
    };
    browser.wait("return !document.getElementById('overview-switch').hidden");
    browser.click("#overview-switch");
    browser.wait("return document.querySelectorAll('.card .state.fine').length === 2");
    browser.run(
        "const name = document.getElementById('filter-name');
         name.value = '乙';
         name.dispatchEvent(new Event('input'))",
    );
    let listed = "return [...document.querySelectorAll('#cards li:not([hidden]) strong')].map((name) => name.textContent)";
    assert_eq!(browser.run(listed), serde_json::json!(["乙镇"]));
    browser.click("#cards li:not([hidden]) .card");
    wait_for_words(&browser, "检查发现你单位存在问题4个");
    wait_for_words(&browser, "某政办函〔2026〕6号");
    ledger(watching.folder.path(), &[("甲镇", 3.0), ("乙镇", 9.0)]);
    wait_for_words(&browser, "检查发现你单位存在问题9个");
    browser.click("#crumb-before");
    wait_for_words(&browser, "检查发现你单位存在问题3个");
    browser.click("#crumb-back");
    browser.click("#overview-switch");
    wait_for_words(&browser, "本次检查共发现12个问题");
}
