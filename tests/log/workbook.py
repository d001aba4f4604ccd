"""Workbooks for the tests, made by hand: the parts of an .xlsx as people's programs write them."""
import io
import zipfile

RELATIONS = ('<Relationships xmlns="r"><Relationship Id="rId1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/>'
             '<Relationship Id="rId2" Type="http://x/worksheet" Target="/xl/worksheets/sheet2.xml"/></Relationships>')
BOOK = ('<workbook xmlns:r="r"><workbookPr{date1904}/><sheets><sheet name="Chiamate" r:id="rId1"/>'
        '<sheet name="Visite" r:id="rId2"/></sheets></workbook>')
STYLES = ('<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy\\ hh:mm"/>'
          '<numFmt numFmtId="165" formatCode="&quot;giorni&quot;\\ 0"/></numFmts>'
          '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/><xf numFmtId="20"/><xf numFmtId="165"/></cellXfs>'
          '</styleSheet>')
DATE_TIME, DATE, CLOCK, DAYS = 1, 2, 3, 4


class Styled:
    def __init__(self, value, style):
        self.value, self.style = value, style


def escape(text):
    return str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def sheet_xml(rows, shared):
    """rows: lists of None, str (shared), int, float, bool, Styled; a row None is left out."""
    out = ['<worksheet xmlns="m"><sheetData>']
    for number, row in enumerate(rows, 1):
        if row is None:
            continue
        out.append(f'<row r="{number}">')
        for column, value in enumerate(row):
            place = f'{chr(65 + column)}{number}'
            if value is None:
                continue
            if isinstance(value, Styled):
                out.append(f'<c r="{place}" s="{value.style}"><v>{value.value}</v></c>')
            elif isinstance(value, bool):
                out.append(f'<c r="{place}" t="b"><v>{int(value)}</v></c>')
            elif isinstance(value, str):
                if value not in shared:
                    shared.append(value)
                out.append(f'<c r="{place}" t="s"><v>{shared.index(value)}</v></c>')
            else:
                out.append(f'<c r="{place}"><v>{value}</v></c>')
        out.append('</row>')
    out.append('</sheetData></worksheet>')
    return "".join(out)


def workbook(rows, second=(), from_1904=False, extra=()):
    shared = []
    sheets = [sheet_xml(rows, shared), sheet_xml(second, shared)]
    parts = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": BOOK.format(date1904=' date1904="1"' if from_1904 else ""),
        "xl/_rels/workbook.xml.rels": RELATIONS,
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": "<sst>" + "".join(f"<si><t>{escape(t)}</t></si>" for t in shared) + "</sst>",
        "xl/worksheets/sheet1.xml": sheets[0],
        "xl/worksheets/sheet2.xml": sheets[1],
    }
    return archive({**parts, **dict(extra)})


def archive(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in parts.items():
            made.writestr(name, text)
    return out.getvalue()
