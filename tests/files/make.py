"""Makes the workbooks of this folder: openpyxl writes one, LibreOffice writes the others from it.

    pip install openpyxl
    python3 make.py

sheetjs-short.xlsb is libreoffice.xlsx saved by SheetJS (npm xlsx), as LibreOffice writes no xlsb; sheetjs.xlsb the same with its short records of cells written out in full, as Excel does. password.xlsx is openpyxl.xlsx with the password 123456 (msoffcrypto-tool). The tests read the files; nothing runs this script.
"""

import datetime
import subprocess

from openpyxl import Workbook
from openpyxl.styles import numbers


def ledger(path, epoch_1904=False):
    book = Workbook()
    if epoch_1904:
        from openpyxl.utils.datetime import CALENDAR_MAC_1904

        book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    sheet.title = "问题清单"
    sheet["B2"] = "某县2021年第三季度政务新媒体问题台账"
    sheet.merge_cells("B2:J2")
    sheet["B3"] = "填报单位：某县人民政府办公室"
    # Two rows of names, with an empty column (G) between.
    for cell, text in {
        "B5": "序号", "C5": "区域", "D5": "主办\n单位", "E5": "问题类型", "F5": "条 数",
        "H5": "整改情况", "H6": "已整改", "I6": "未整改", "J5": "整改期限",
    }.items():
        sheet[cell] = text
    for merged in ["B5:B6", "C5:C6", "D5:D6", "E5:E6", "F5:F6", "H5:I5", "J5:J6"]:
        sheet.merge_cells(merged)
    rows = [
        (1, "东部", " 甲镇人民政府\n", "更新不及时", 3, 1, 2, datetime.date(2021, 9, 16)),
        (2, None, "乙镇人民政府", "更新不及时", "１２", 12, 0, "2021.9.16"),
        (None, None, "小计", None, 15, 13, 2, None),
        None,
        (3, "西部", "县水利局", "用词不规范", 2.5, 0, 2.5, "2021年9月16日"),
        (4, None, "县财政局　", "共3处，2021.9.16前整改", "4", 4, 0, "9月16日"),
        (None, "小计", None, None, 6.5, 4, 2.5, None),
        ("合　计", None, None, None, "=SUM(F7:F8,F11:F12)", 17, 4.5, None),
    ]
    for number, row in enumerate(rows, start=7):
        for column, value in zip("BCDEFHIJ", row or ()):
            if value is not None:
                sheet[f"{column}{number}"] = value
                if isinstance(value, datetime.date):
                    sheet[f"{column}{number}"].number_format = 'yyyy"年"m"月"d"日"'
    sheet.merge_cells("C7:C9")
    sheet.merge_cells("C11:C12")
    sheet["F14"] = 21.5
    sheet["B16"] = "备注：1.本表由各单位填报。"
    sheet.merge_cells("B16:J16")
    sheet["B17"] = "2.数量以核查为准。"
    sheet["B18"] = "填表人：张某"
    sheet["E18"] = "审核人：李某"
    hidden = book.create_sheet("旧台账")
    hidden["A1"], hidden["A2"] = "单位", "丙镇"
    hidden.sheet_state = "hidden"
    book.save(path)


def faults(path):
    book = Workbook()
    sheet = book.active
    sheet.title = "问题清单"
    for row in [["责任单位", "数量", "整改率"], ["甲镇", "=B9", 0.6138], ["乙镇", "#REF!", 0.5]]:
        sheet.append(row)
    sheet["B3"].data_type = "e"
    sheet["C2"].number_format = numbers.FORMAT_PERCENTAGE
    sheet["C3"].number_format = "0.0%"
    book.save(path)


ledger("openpyxl.xlsx")
ledger("openpyxl-1904.xlsx", epoch_1904=True)
faults("faults.xlsx")
for kind in ["ods", "xls", "xlsx"]:
    subprocess.run(
        ["soffice", "--headless", "--convert-to", kind, "--outdir", "out", "openpyxl.xlsx"], check=True
    )
