/*
 * facewarden as a library: verification of faces, the screen for tampered pictures, attacks, gradients.
 *
 *     facewarden *door = NULL;
 *     facewarden_answer *opened = facewarden_open("models", NULL, &door);
 *     facewarden_picture probe = {.path = "probe.jpg"}, reference = {.path = "reference.jpg"};
 *     facewarden_answer *verdict = facewarden_verify(door, &probe, &reference, NULL);
 *     if (facewarden_answer_status(verdict) == FACEWARDEN_YES) open_the_door();
 *     puts(facewarden_answer_json(verdict));
 *     facewarden_answer_free(verdict);
 *     facewarden_answer_free(opened);
 *     facewarden_close(door);
 *
 * Answers: every request gives one, also one that failed; it is freed by facewarden_answer_free. NULL, which
 * only a lack of memory gives, has the status FACEWARDEN_UNDECIDED. An answer without a result has the members
 * `code`, a stable name, and `reason`, a sentence; codes are those of the command line, the pipe and HTTP, and
 * `no_models` (the models cannot be used), `not_open` (no handle of this process, or a closed one) and
 * `other_process` (see below). Wrong arguments are `malformed`; none ends the process.
 *
 * Options: a JSON object as UTF-8 with a NUL at its end, or NULL for none. Members that are not told of here are
 * refused, and so is a member that is given twice. Those of requests about pictures:
 *   "aligned"          true: pictures are faces of 128 x 128 pixels in the aligned frame; false if not given
 *   "NAME_landmarks"   [[x, y], ...]: left eye, right eye, nose, left and right corner of the mouth, in pixels;
 *                      NAME is the parameter's name: probe, reference, target, picture
 *   "id"               a text that comes back in the answer
 * Without "aligned" and landmarks the face is found.
 *
 * Threads: any number of threads may use one handle, or several, at once; an answer does not depend on the
 * others. Close a handle when no request is under way that you want answered: a later one is answered `not_open`.
 * An answer is read by any thread; no thread may free it while another one reads it.
 * Requests run on the calling thread, which needs a stack of 1 MiB or more, and on a pool of threads that all
 * handles of the process share.
 *
 * Processes: threads do not survive fork. A child of a process that has opened models may use none, also
 * its own; it is answered `other_process`. Open models in the child alone, or start a new program.
 */
#ifndef FACEWARDEN_H
#define FACEWARDEN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this interface. It grows where something that is here changes its meaning. */
#define FACEWARDEN_INTERFACE 1

/* What an answer comes to; the same numbers as the exit statuses of the command line. */
enum {
  /* Accepted (verify, identify), bona fide (screen), found (attack), done (everything else). */
  FACEWARDEN_YES = 0,
  /* Denied (verify, identify), adversarial (screen), refused (enrol), not found (attack). */
  FACEWARDEN_NO = 1,
  /* No answer was possible; at a door: denied. */
  FACEWARDEN_UNDECIDED = 2
};

/* Loaded models. The pointer is a name: it leads nowhere. */
typedef struct facewarden facewarden;

/* An answer. The pointer is a name: it leads nowhere. */
typedef struct facewarden_answer facewarden_answer;

/*
 * A picture: set `path`, or `bytes` with `byte_count` for a file's contents, or these and the three sizes for
 * RGB values; the rest is zero. Borrowed during the call alone.
 */
typedef struct facewarden_picture {
  /* The path of a PNG, JPEG or WebP file, as UTF-8 with a NUL at its end. */
  const char *path;
  /* A file's contents, or rows of red, green and blue bytes, sRGB. */
  const uint8_t *bytes;
  /* How many bytes may be read; at most 20,000,000 of a file's contents. */
  size_t byte_count;
  /* Columns and rows of RGB values, 16 to 10,000 each, 50,000,000 pixels at most. */
  size_t width, height;
  /* Bytes from a row's first value to the next row's, at least 3 * width; 0 stands for 3 * width. */
  size_t stride;
} facewarden_picture;

/* The version of this interface that the library has: FACEWARDEN_INTERFACE where header and library match. */
int32_t facewarden_interface(void);

/* The version of facewarden, such as "0.1.0"; never freed. */
const char *facewarden_version(void);

/*
 * Loads the models of a folder.
 *
 * `models`: the folder's path, UTF-8.
 * `options`: "fmr" (0.1, 0.01 or 0.001: the false match rate to allow) or "threshold" (a distance squared, 0 to
 *   4); "bpcer" (0.01, 0.05 or 0.1: the share of untouched pictures that may be called tampered with); "face"
 *   ("clear", "only" or "largest"); "minimum_face" (pixels, 16 to 10,000); "threads" (1 to 1024: how many of the
 *   pool's threads requests use, of all handles of the process, from now on).
 * `opened`: where the handle goes; NULL goes there if there is none.
 *
 * The answer has `models`, names and checksums, and `points`: the names, thresholds and rates of
 * `verification`, `detection` and `pairs`.
 */
facewarden_answer *facewarden_open(const char *models, const char *options, facewarden **opened);

/* Closes a handle; its memory goes when the requests that are under way are done. NULL, and what is closed
 * already, is left alone. */
void facewarden_close(facewarden *door);

/*
 * Says whether two pictures show one person, and whether either was tampered with.
 *
 * `options`: beside those of pictures "threshold" (a distance squared, 0 to 4, for this pair alone) and
 * "timings" (true adds milliseconds).
 * The answer is the verdict that `facewarden verify --json` prints; `decision` is "accept" where the status is
 * FACEWARDEN_YES, and nowhere else.
 */
facewarden_answer *facewarden_verify(facewarden *door, const facewarden_picture *probe,
                                     const facewarden_picture *reference, const char *options);

/*
 * Makes a template of a person's pictures, to identify them by. Each picture is screened, and must match the
 * others. The template holds embeddings and no picture, and is good for the models that made it.
 *
 * `name`: what the person is called, UTF-8 of 1 to 256 bytes.
 * `pictures`: an array of `picture_count`, 1 to 16.
 * `options`: "aligned", and "template_key" (64 hexadecimal digits: the template is sealed, so that only those who
 *   have the key can read it or make another).
 *
 * The answer is the template, the line that `facewarden enrol` writes into its file. A picture that looks tampered
 * with, or does not match the others, is refused: FACEWARDEN_NO with the code `enrolment_tampered` or
 * `enrolment_mismatch`.
 */
facewarden_answer *facewarden_enrol(facewarden *door, const char *name,
                                    const facewarden_picture *pictures, size_t picture_count,
                                    const char *options);

/*
 * Says who of enrolled people a picture shows, or that it is nobody, and whether it was tampered with.
 *
 * `templates`: an array of `template_count` texts, 1 to 100,000, of at most 1 MiB each, as facewarden_enrol and
 *   `facewarden enrol` make them, each of a name of its own. They are read anew by each call.
 * `options`: beside those of pictures "template_key", with which all of them must be sealed then.
 *
 * The answer is the verdict that `facewarden identify --json` prints; the status is FACEWARDEN_YES, and `decision`
 * "accept", where the picture shows the one person of `identification`'s `name`, and nowhere else. Templates that
 * cannot be used are `bad_gallery` or `template_of_other_models`.
 */
facewarden_answer *facewarden_identify(facewarden *door, const facewarden_picture *probe,
                                       const char *const *templates, size_t template_count,
                                       const char *options);

/* Says whether a picture was tampered with; the answer is what `facewarden screen --json` prints. */
facewarden_answer *facewarden_screen(facewarden *door, const facewarden_picture *picture,
                                     const char *options);

/* The unit-length embedding f_C of a picture: in the answer's `embedding`, and as facewarden_answer_floats. The
 * squared distance of two, 0 to 4, is what a verification tells of f_C. */
facewarden_answer *facewarden_embed(facewarden *door, const facewarden_picture *picture,
                                    const char *options);

/* The face as the network understands it, G(f_I(x), f_A(x)): 128 x 128 as facewarden_answer_pixels. The answer
 * has `width`, `height`, and what was read as `picture`. */
facewarden_answer *facewarden_reconstruct(facewarden *door, const facewarden_picture *picture,
                                          const char *options);

/* The face in the aligned frame, as every other request takes it: 128 x 128 as facewarden_answer_pixels. The
 * answer has the same members as that of facewarden_reconstruct. */
facewarden_answer *facewarden_align(facewarden *door, const facewarden_picture *picture,
                                    const char *options);

/* Decodes a picture as every request does, upright, on white: facewarden_answer_pixels. It needs no models. The
 * answer has `width` and `height`. */
facewarden_answer *facewarden_decode(const facewarden_picture *picture);

/*
 * Finds all faces of a picture, the surest first; none is no error.
 *
 * `options`: "minimum_face" (pixels, 1 to 10,000) and "threshold" (the score from which a find counts, 0 to 1;
 * 0.9 if not given); "id" (a text of the caller's, which the answer repeats).
 * The answer has the members of the line that `facewarden find` prints: `width`, `height`, `faces`, each with `box`,
 * `landmarks` and `score`.
 */
facewarden_answer *facewarden_find(facewarden *door, const facewarden_picture *picture,
                                   const char *options);

/*
 * Changes a face as little as possible so that f_C takes it for another.
 *
 * `options`: beside those of pictures, but "id", "attack" (a name that `facewarden attack --help` lists;
 * "minimum-norm" if not given), "theta" (the distance squared to undercut, 0.0001 to 4, or "door": the door's own
 * threshold and what decides there, f_C and f_V where a fusion joins them; 0.4 if not given), "iterations" (1 to
 * 1,000,000), "seed" (a whole number, 0 to 2^53) and "whole" (true changes the whole photograph).
 * The answer is what `facewarden attack --json` prints; the best picture, also if it is no success, are
 * facewarden_answer_pixels.
 */
facewarden_answer *facewarden_attack(facewarden *door, const facewarden_picture *probe,
                                     const facewarden_picture *target, const char *options);

/*
 * The squared distances by f_C of aligned faces to embeddings, 0 to 4, and their gradients.
 *
 * `faces`: (face_count, 128, 128, 3) grey levels, 0 to 255, not rounded; others are taken, if they are finite.
 * `face_count`: 1 to 65,536.
 * `embeddings`: (embedding_count, width) numbers, of unit length, as facewarden_embed gives them; one for each
 *   face, or one for all.
 * `width`: that of the network's embeddings.
 * `distances`: where face_count numbers go.
 * `gradients`: where the derivatives of each distance by its face's grey levels go, of the shape of `faces`; NULL
 *   if they are not wanted, which takes a third of the time.
 *
 * Nothing is written unless the status is FACEWARDEN_YES. A face's numbers do not depend on the others.
 */
facewarden_answer *facewarden_distances(facewarden *door, const float *faces, size_t face_count,
                                        const float *embeddings, size_t embedding_count,
                                        size_t width, float *distances, float *gradients);

/* What an answer comes to; FACEWARDEN_UNDECIDED of NULL and of what is freed. */
int32_t facewarden_answer_status(const facewarden_answer *answer);

/* An answer as one JSON object, UTF-8, a NUL at its end; valid until it is freed. An empty text for NULL and for
 * what is freed. */
const char *facewarden_answer_json(const facewarden_answer *answer);

/* The numbers of an answer, and how many; NULL and 0 if it has none. Valid until it is freed. `count` may be
 * NULL. */
const float *facewarden_answer_floats(const facewarden_answer *answer, size_t *count);

/* The picture of an answer: rows of red, green and blue bytes without gaps; NULL and 0 if it has none. Valid until
 * it is freed. `width` and `height` may be NULL. */
const uint8_t *facewarden_answer_pixels(const facewarden_answer *answer, size_t *width,
                                        size_t *height);

/* Frees an answer. NULL, and what is freed already, is left alone. */
void facewarden_answer_free(facewarden_answer *answer);

#ifdef __cplusplus
}
#endif

#endif
