"""Writes 台账.xlsx of this example: a made-up county, its register, and 600 made-up findings.

Run `python3 make.py` in this folder (it needs openpyxl). The same script gives the same cells.
"""

import random
from datetime import date, datetime, timedelta

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side

TOWNSHIPS = [
    "城关镇", "白石镇", "柳湾镇", "河口镇", "新河口镇", "松坪镇", "石桥镇", "东岭镇", "西岭镇", "双塘镇",
    "梅溪镇", "竹林镇", "望江镇", "龙泉镇", "枫树镇", "青山镇", "大坪镇", "小坪镇", "长乐镇", "安平镇",
    "云台乡", "桃源乡", "沙洲乡", "麦田乡", "杨柳乡", "上湾乡", "下湾乡", "䶮山乡", "槐树乡", "芦花乡",
]
OFFICES = ["县政府办公室", "县数据管理局", "县财政局"]

FINDINGS = {
    "信息更新不及时": ["首页“政务动态”栏目超过两周没有更新", "“通知公告”栏目超过半年没有更新", "领导信息与现任职务不一致", "办事指南仍是已经废止的版本", "年度工作报告没有按期公开"],
    "内容表述不规范": ["一处单位名称没有使用规范简称", "一处引用文件名称漏写书名号", "标题与正文所写的日期不一致", "转载信息没有注明来源", "表格合计与各项之和不一致"],
    "功能不可用": ["“在线咨询”提交后没有反应", "首页有一处链接打不开", "附件下载后无法打开", "站内检索没有结果", "手机上页面显示不全"],
    "互动回应差": ["一条留言超过规定时限没有答复", "答复内容答非所问", "意见征集结束后没有反馈采纳情况", "咨询电话在工作时间无人接听"],
    "安全管理有疏漏": ["后台仍在使用初始口令", "一处页面显示了当事人的完整身份证号", "已停用的账号没有注销", "运维记录缺少审核人签字"],
}
ACCOUNTS = ["乡镇网站", "微信公众号", "办事大厅终端", "政务微博"]


def main():
    chance = random.Random(20260930)
    weights = [chance.uniform(0.4, 1.8) for _ in TOWNSHIPS]
    rows = []
    # One township has nothing to mend, so that the notice of its own wording is seen.
    served = [name for name in TOWNSHIPS if name != "芦花乡"]
    for number in range(600):
        if number < len(served) * 6:
            unit = served[number % len(served)]
        else:
            unit = chance.choices(served, weights[: len(served)])[0]
        kind = chance.choices(list(FINDINGS), [30, 24, 20, 16, 10])[0]
        found = date(2026, 9, 1) + timedelta(days=chance.randrange(26))
        due = date(2026, 10, 15) + timedelta(days=5 * chance.randrange(4))
        state = chance.choices(["未整改", "已整改"], [3, 1])[0]
        rows.append([unit + "人民政府", chance.choice(ACCOUNTS), kind, chance.choice(FINDINGS[kind]), found, due, state])
    rows.sort(key=lambda row: (row[4], TOWNSHIPS.index(row[0].removesuffix("人民政府"))))

    book = Workbook()
    book.properties.created = book.properties.modified = datetime(2026, 9, 30)
    book.properties.creator = "青禾县数据管理局"
    sheet = book.active
    sheet.title = "问题清单"
    fill(sheet, ["编号", "责任单位", "检查对象", "问题类型", "问题描述", "发现日期", "整改期限", "状态"],
         [[number, *row] for number, row in enumerate(rows, 1)], [6, 22, 14, 16, 44, 13, 13, 9])
    sheet = book.create_sheet("名录")
    units = [[name + "人民政府", name, "乡镇", name + "人民政府"] for name in TOWNSHIPS]
    units += [[name, name.removeprefix("县"), "县直部门", name] for name in OFFICES]
    fill(sheet, ["全称", "简称", "类别", "主送称谓"], units, [24, 14, 12, 24])
    book.save("台账.xlsx")


def fill(sheet, head, rows, widths):
    thin = Side(style="thin")
    border = Border(left=thin, right=thin, top=thin, bottom=thin)
    for cells in [head, *rows]:
        sheet.append(cells)
    for column, width in zip("ABCDEFGH", widths):
        sheet.column_dimensions[column].width = width
    for row in sheet.iter_rows():
        for cell in row:
            cell.border = border
            cell.alignment = Alignment(wrap_text=True, vertical="center")
            if isinstance(cell.value, date):
                cell.number_format = "yyyy-mm-dd"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"


main()
