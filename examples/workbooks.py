"""Makes the workbooks of the examples, as clerks keep them: a title above the table, numbered rows,
merged cells, totals by formula, a note below. openpyxl writes them, LibreOffice saves them again, so
that their formulas carry values.

    pip install openpyxl
    python3 workbooks.py FOLDER_OF_TEXT_TABLES

Each table is read from a file FOLDER/example/sheet.tsv; the committed workbooks are the source now,
and nothing runs this script.
"""

import csv
import pathlib
import subprocess
import sys
import tempfile

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

HERE = pathlib.Path(__file__).parent
THIN = Border(*[Side(style="thin")] * 4)
CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)

# Each workbook: its name, and for each sheet the title, the column that is merged and the note.
BOOKS = {
    "ejinhoro-2024q1": ("问题台账.xlsx", {
        "隐私泄露": ("个人隐私及身份信息泄露问题台账", None, None),
        "网站抽查": ("政府网站错别字及严重表述问题台账", "层级", "备注：按层级、登记先后填写。"),
        "新媒体本年度": ("政务新媒体本年度问题台账", "类别", None),
        "新媒体以前年度": ("政务新媒体以前年度错别字及严重表述问题台账", "类别", None),
    }),
    "sanming-2021q3": ("检查台账.xlsx", {
        "不合格名单": ("2021年第三季度不合格政务新媒体", None, None),
        "违规私开名单": ("注销后违规私开政务新媒体账号", None, None),
        "待注销名单": ("待注销政务新媒体账号", None, "备注：账号名称中的人名以××代替。"),
        "超期工单名单": ("未及时处理监测工单政务新媒体账号", None, None),
    }),
    "naiman-serious": ("问题账号.xlsx", {
        "自治区通报名单": ("自治区通报的存在严重问题政务新媒体", "部门/盟市", None),
        "问题名单": ("自查整改后仍存在严重问题的政务新媒体", None, "备注：一格里有两个链接的，各占一行。"),
    }),
}


def sheet_of(book, name, title, merged, note, rows):
    sheet = book.create_sheet(name)
    head, *rows = rows
    head = ["序号", *head]
    width = len(head)
    sheet.cell(1, 1, title).font = Font(name="黑体", size=16)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    sheet.cell(1, 1).alignment = CENTRE
    for column, text in enumerate(head, start=1):
        cell = sheet.cell(3, column, text)
        cell.font, cell.border, cell.alignment = Font(name="黑体"), THIN, CENTRE
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate([number, *row], start=1):
            value = int(text) if str(text).isdigit() else text
            cell = sheet.cell(3 + number, column, value)
            cell.border, cell.alignment = THIN, CENTRE
    last = 3 + len(rows)
    if merged:
        column = head.index(merged) + 1
        start = 4
        for row in range(5, last + 2):
            if row > last or sheet.cell(row, column).value != sheet.cell(start, column).value:
                if row - 1 > start:
                    sheet.merge_cells(start_row=start, start_column=column, end_row=row - 1, end_column=column)
                start = row
    if head[-1] == "数量":
        letter = get_column_letter(width)
        sheet.cell(last + 1, 1, "合计")
        sheet.merge_cells(start_row=last + 1, start_column=1, end_row=last + 1, end_column=width - 1)
        sheet.cell(last + 1, width, f"=SUM({letter}4:{letter}{last})")
        for column in range(1, width + 1):
            sheet.cell(last + 1, column).border = THIN
            sheet.cell(last + 1, column).alignment = CENTRE
    if note:
        sheet.cell(last + 3, 1, note)
        sheet.merge_cells(start_row=last + 3, start_column=1, end_row=last + 3, end_column=width)
    for column in range(1, width + 1):
        longest = max(len(line) for row in [head, *([""] + r for r in rows)] for line in str(row[column - 1]).split("\n"))
        sheet.column_dimensions[get_column_letter(column)].width = min(60, max(6, 2 * longest + 2))
    sheet.freeze_panes = "A4"


for example, (file, sheets) in BOOKS.items():
    book = Workbook()
    book.remove(book.active)
    for name, (title, merged, note) in sheets.items():
        with open(pathlib.Path(sys.argv[1]) / example / f"{name}.tsv", newline="") as source:
            sheet_of(book, name, title, merged, note, list(csv.reader(source, delimiter="\t")))
    with tempfile.TemporaryDirectory() as folder:
        book.save(pathlib.Path(folder) / file)
        subprocess.run(
            ["soffice", "--headless", "--convert-to", "xlsx", "--outdir", str(HERE / example), str(pathlib.Path(folder) / file)],
            check=True,
        )
