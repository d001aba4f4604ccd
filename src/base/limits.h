/* limits: every number a user can make large has one. The manual lists them.
 * Beyond a limit the answer is VG_ERR_LIMIT with the limit's name and what to do. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#define LIMIT_FIELD_BYTES     (1024 * 1024) /* one cell of a file            */
#define LIMIT_COLUMNS         2048          /* columns of a file             */
#define LIMIT_ROWS            2000000000LL  /* rows of a file                */
#define LIMIT_UNPACKED_BYTES  (4LL << 30)   /* a .gz or .xlsx, unpacked      */
#define LIMIT_UNPACK_RATIO    200           /* unpacked / packed, above 10 MB*/
#define LIMIT_ARCHIVE_ENTRIES 10000         /* files inside an .xlsx         */
#define LIMIT_DEPTH           128           /* nesting of JSON and XML       */
#define LIMIT_ACTIVITIES      65534         /* distinct; codes are 16 bits   */
#define LIMIT_CHANNELS        65534
#define LIMIT_FILES           256 /* evidence files in one command */
#define LIMIT_MAP_BYTES       (16 * 1024 * 1024)
#define LIMIT_MAP_STEPS       500
#define LIMIT_MAP_TEXT_BYTES  20000 /* one text of a map             */
#define LIMIT_MAP_PERSONAS    50
#define LIMIT_MAP_PHASES      200
#define LIMIT_MAP_KPIS        100          /* each is asked of all the evidence */
#define LIMIT_MAP_ITEMS       2000         /* in one list of a map          */
#define LIMIT_REJECTS_SHOWN   1000         /* kept with their reasons       */
#define LIMIT_ALIGN_CELLS     2000000000LL /* events of one journey × steps of a map */
#define LIMIT_SVG_BYTES       (64 * 1024 * 1024)

#endif
