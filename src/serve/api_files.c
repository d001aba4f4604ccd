/* Pictures that people put into maps and personas: only what is one by its bytes. */
#include "serve/handlers.h"
#include "store/team.h"

#include <fcntl.h>
#include <unistd.h>

static enum vg_code read_upload(struct call *call, void **ret, size_t *ret_len,
                                struct vg_err *err)
{
    size_t length = (size_t)call->upload.bytes, got = 0;
    if (call->upload.bytes > LIMIT_PICTURE_BYTES)
        return err_set(err, VG_ERR_LIMIT, NULL, _("a picture may have at most %d MB"),
                       LIMIT_PICTURE_BYTES / 1024 / 1024);
    char *bytes = arena_array(call->arena, char, length + 1);
    if (!bytes)
        return err_memory(err);
    int handle = open(call->upload.path, O_RDONLY | O_CLOEXEC);
    if (handle < 0)
        return err_errno(err, _("the picture"));
    for (ssize_t more;
         got < length && (more = read(handle, bytes + got, length - got)) > 0;)
        got += (size_t)more;
    close(handle);
    *ret = bytes;
    *ret_len = got;
    return VG_OK;
}

enum vg_code api_file_add(struct call *call, struct vg_err *err)
{
    char id[STORE_ID_BYTES];
    void *bytes = NULL;
    size_t length = 0;
    enum vg_code code = read_upload(call, &bytes, &length, err);
    if (code == VG_OK)
        code = picture_add(call->store, bytes, length, id, err);
    if (code != VG_OK)
        return code;
    return call_json(call, json_pack("{s:s}", "id", id), err);
}

enum vg_code api_file_get(struct call *call, struct vg_err *err)
{
    struct picture picture;
    struct buf out = {0};
    enum vg_code code =
        picture_get(call->store, call->arena, call_param(call, "id"), &picture, err);
    if (code != VG_OK)
        return code;
    call_immutable(call); /* its id is the hash of its bytes */
    call_policy(call, "default-src 'none'; sandbox; frame-ancestors 'none'");
    buf_add(&out, (str){picture.bytes, picture.len});
    code = call_buf(call, picture.type, &out, err);
    buf_free(&out);
    return code;
}
