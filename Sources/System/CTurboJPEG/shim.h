#include <turbojpeg.h>

#include <setjmp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <jerror.h>
#include <jpeglib.h>

// TurboJPEG tells that there was a warning, and the text of the first one. Some cameras put stray bytes
// before markers, which is such a warning, too: to tell it from one that leaves pixels undecoded takes
// libjpeg's own interface. It reports errors by a call that must not return, hence the jumps, which
// never leave this file.
struct facewarden_jpeg_errors {
    struct jpeg_error_mgr manager;
    jmp_buf back;
    char *message;
};

static inline void facewarden_jpeg_fail(j_common_ptr info)
{
    struct facewarden_jpeg_errors *errors = (struct facewarden_jpeg_errors *)info->err;
    errors->manager.format_message(info, errors->message);
    longjmp(errors->back, 1);
}

// Every warning but that of stray bytes is a failure.
static inline void facewarden_jpeg_warn(j_common_ptr info, int level)
{
    if (level < 0 && info->err->msg_code != JWRN_EXTRANEOUS_DATA)
        facewarden_jpeg_fail(info);
}

// Decodes a picture of a known size to RGB; 0 if all of it was there, else `message`, of at least
// JMSG_LENGTH_MAX characters, tells what is wrong.
static inline int facewarden_decode_jpeg_with_stray_bytes(
    const unsigned char *bytes, unsigned long size, unsigned char *pixels, unsigned width,
    unsigned height, char *message)
{
    struct jpeg_decompress_struct info;
    struct facewarden_jpeg_errors errors;
    memset(&info, 0, sizeof info);
    info.err = jpeg_std_error(&errors.manager);
    errors.manager.error_exit = facewarden_jpeg_fail;
    errors.manager.emit_message = facewarden_jpeg_warn;
    errors.message = message;
    message[0] = 0;
    if (setjmp(errors.back)) {
        jpeg_destroy_decompress(&info);
        return -1;
    }
    jpeg_create_decompress(&info);
    jpeg_mem_src(&info, bytes, size);
    jpeg_read_header(&info, TRUE);
    info.out_color_space = JCS_RGB;
    jpeg_start_decompress(&info);
    int status = -1;
    if (info.output_width == width && info.output_height == height && info.output_components == 3) {
        while (info.output_scanline < height) {
            JSAMPROW row = pixels + (size_t)info.output_scanline * width * 3;
            jpeg_read_scanlines(&info, &row, 1);
        }
        jpeg_finish_decompress(&info);
        status = 0;
    }
    jpeg_destroy_decompress(&info);
    return status;
}

static inline size_t facewarden_jpeg_message_length(void) { return JMSG_LENGTH_MAX; }
