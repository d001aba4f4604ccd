#include "evidence.h"

#include <string.h>
#include <zip.h>

/* A workbook is an archive: fuzzing the archive's bytes tests libzip more than us. So an
 * input that is no archive is taken as the parts of one, parted by "\n==\n": the sheet,
 * then shared texts, styles, workbook. */
static const char *const workbook =
    "<workbook xmlns:r=\"r\"><sheets><sheet name=\"A\" r:id=\"i\"/></sheets></workbook>";
static const char *const relations =
    "<Relationships><Relationship Id=\"i\" Target=\"worksheets/sheet1.xml\"/>"
    "</Relationships>";

static void add(zip_t *zip, const char *path, const char *text, size_t len)
{
    zip_source_t *source = zip_source_buffer(zip, text, len, 0);
    HOLDS(source != NULL);
    HOLDS(zip_file_add(zip, path, source, ZIP_FL_OVERWRITE) >= 0);
}

static void add_parts(zip_t *zip, const char *text, size_t len)
{
    static const char *const paths[] = {"xl/worksheets/sheet1.xml",
                                        "xl/sharedStrings.xml", "xl/styles.xml",
                                        "xl/workbook.xml"};
    add(zip, "xl/workbook.xml", workbook, strlen(workbook));
    add(zip, "xl/_rels/workbook.xml.rels", relations, strlen(relations));
    for (size_t i = 0; i < COUNT_OF(paths) && len > 0; i++) {
        const char *end = memmem(text, len, "\n==\n", 4);
        size_t part = end ? (size_t)(end - text) : len;
        add(zip, paths[i], text, part);
        text += end ? part + 4 : len;
        len -= end ? part + 4 : len;
    }
}

static void workbook_holds(const uint8_t *bytes, size_t len)
{
    zip_error_t fault;
    zip_error_init(&fault);
    zip_source_t *archive = zip_source_buffer_create(NULL, 0, 0, &fault);
    HOLDS(archive != NULL);
    zip_source_keep(archive);
    zip_t *zip = zip_open_from_source(archive, ZIP_TRUNCATE, &fault);
    HOLDS(zip != NULL);
    add_parts(zip, (const char *)bytes, len);
    HOLDS(zip_close(zip) == 0);
    HOLDS(zip_source_open(archive) == 0);
    HOLDS(zip_source_seek(archive, 0, SEEK_END) == 0);
    zip_int64_t size = zip_source_tell(archive);
    uint8_t *made = malloc((size_t)size + 1);
    HOLDS(made && zip_source_seek(archive, 0, SEEK_SET) == 0);
    HOLDS(zip_source_read(archive, made, (zip_uint64_t)size) == size);
    zip_source_close(archive);
    zip_source_free(archive);
    evidence_holds("evidence.xlsx", made, (size_t)size);
    free(made);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    if (len > 1 && bytes[0] == 'P' && bytes[1] == 'K')
        evidence_holds("evidence.xlsx", bytes, len);
    else
        workbook_holds(bytes, len);
    return 0;
}
