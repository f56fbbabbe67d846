/* A program that uses facewarden.h as others do: c-interface MODELS SAMPLES. It prints answers that its test
 * holds against the tool's, and ends with 1 if anything is not as the header says. */

#include "facewarden.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int failures = 0;

#define CHECK(what) \
  do { \
    if (!(what)) { \
      fprintf(stderr, "line %d: %s\n", __LINE__, #what); \
      failures++; \
    } \
  } while (0)

static const char *models, *samples;

/* The path of a sample; valid until the fourth call after it. */
static const char *sample(const char *name) {
  static char paths[4][512];
  static int last = 0;
  char *path = paths[last++ % 4];
  snprintf(path, sizeof paths[0], "%s/%s", samples, name);
  return path;
}

/* Whether an answer's JSON holds a text. */
static int holds(const facewarden_answer *answer, const char *text) {
  return strstr(facewarden_answer_json(answer), text) != NULL;
}

/* Prints an answer under a name, checks its status, and frees it. */
static void print(const char *name, facewarden_answer *answer, int status) {
  printf("%s %s\n", name, facewarden_answer_json(answer));
  if (facewarden_answer_status(answer) != status) {
    fprintf(stderr, "%s: %s\n", name, facewarden_answer_json(answer));
    failures++;
  }
  facewarden_answer_free(answer);
}

/* Checks that an answer is a refusal with a code, that nothing in it accepts, and frees it. */
static void refused(int line, facewarden_answer *answer, const char *code) {
  char member[80];
  snprintf(member, sizeof member, "\"code\":\"%s\"", code);
  if (facewarden_answer_status(answer) != FACEWARDEN_UNDECIDED || !holds(answer, member) ||
      holds(answer, "\"accept\"") || holds(answer, "bona_fide")) {
    fprintf(stderr, "line %d: expected %s: %s\n", line, code, facewarden_answer_json(answer));
    failures++;
  }
  facewarden_answer_free(answer);
}

#define REFUSED(answer, code) refused(__LINE__, answer, code)

static facewarden_picture file(const char *name) {
  return (facewarden_picture){.path = sample(name)};
}

/* What a program gets wrong before it has models. */
static void without_models(void) {
  facewarden *door = (facewarden *)&door;
  facewarden_picture picture = file("genuine-probe.png");
  float number = 0;
  REFUSED(facewarden_open(models, NULL, NULL), "malformed");
  REFUSED(facewarden_open(NULL, NULL, &door), "malformed");
  CHECK(door == NULL);
  REFUSED(facewarden_open("", NULL, &door), "malformed");
  REFUSED(facewarden_open("/nonexistent", NULL, &door), "no_models");
  REFUSED(facewarden_open(models, "nonsense", &door), "malformed");
  REFUSED(facewarden_open(models, "[]", &door), "malformed");
  REFUSED(facewarden_open(models, "{\"thread\":1}", &door), "malformed");
  REFUSED(facewarden_open(models, "{\"threads\":0}", &door), "malformed");
  REFUSED(facewarden_open(models, "{\"threads\":1,\"threads\":2}", &door), "malformed");
  REFUSED(facewarden_open(models, "{\"threshold\":4.5}", &door), "malformed");
  REFUSED(facewarden_open(models, "{\"threshold\":1,\"fmr\":0.01}", &door), "malformed");
  REFUSED(facewarden_open(models, "{\"face\":\"any\"}", &door), "malformed");
  REFUSED(facewarden_open(models, "{\"fmr\":0.3}", &door), "no_models");
  CHECK(door == NULL);
  REFUSED(facewarden_verify(NULL, &picture, &picture, NULL), "malformed");
  REFUSED(facewarden_screen((facewarden *)&number, &picture, NULL), "not_open");
  REFUSED(facewarden_embed((facewarden *)1, &picture, NULL), "not_open");
  REFUSED(facewarden_distances(NULL, &number, 1, &number, 1, 1, &number, NULL), "malformed");
  REFUSED(facewarden_decode(NULL), "malformed");
  facewarden_close(NULL);
  facewarden_close((facewarden *)&number);
  CHECK(facewarden_answer_status(NULL) == FACEWARDEN_UNDECIDED);
  CHECK(strcmp(facewarden_answer_json(NULL), "") == 0);
  CHECK(facewarden_answer_floats(NULL, NULL) == NULL);
  CHECK(facewarden_answer_pixels(NULL, NULL, NULL) == NULL);
  CHECK(facewarden_answer_status((facewarden_answer *)&number) == FACEWARDEN_UNDECIDED);
  facewarden_answer_free(NULL);
  facewarden_answer_free((facewarden_answer *)&number);
}

/* Pictures that cannot be. */
static void wrong_pictures(facewarden *door) {
  static uint8_t pixels[64 * 64 * 3];
  facewarden_picture good = file("genuine-reference.png");
  const facewarden_picture wrong[] = {
      {0},
      {.path = ""},
      {.path = "\xff\xfe"},
      {.path = "/nonexistent"},
      {.path = "/"},
      {.path = "/dev/zero"},
      {.path = "a.png", .bytes = pixels, .byte_count = 1},
      {.path = "a.png", .width = 16},
      {.bytes = pixels},
      {.bytes = pixels, .byte_count = sizeof pixels, .width = 65, .height = 64},
      {.bytes = pixels, .byte_count = sizeof pixels, .width = 64, .height = 64, .stride = 191},
      {.bytes = pixels, .byte_count = sizeof pixels, .width = 64, .height = 64, .stride = 193},
      {.bytes = pixels, .byte_count = sizeof pixels, .width = 64, .height = 64, .stride = SIZE_MAX},
      {.bytes = pixels, .byte_count = 0, .width = 64, .height = 64},
      {.bytes = NULL, .byte_count = 100, .width = 64, .height = 64},
      {.bytes = pixels, .byte_count = SIZE_MAX, .width = 64, .height = 64},
  };
  for (size_t index = 0; index < sizeof wrong / sizeof *wrong; index++) {
    REFUSED(facewarden_verify(door, &wrong[index], &good, "{\"aligned\":true}"), "malformed");
    REFUSED(facewarden_verify(door, &good, &wrong[index], "{\"aligned\":true}"), "malformed");
    REFUSED(facewarden_screen(door, &wrong[index], NULL), "malformed");
    REFUSED(facewarden_embed(door, &wrong[index], NULL), "malformed");
    REFUSED(facewarden_reconstruct(door, &wrong[index], NULL), "malformed");
    REFUSED(facewarden_align(door, &wrong[index], NULL), "malformed");
    REFUSED(facewarden_find(door, &wrong[index], NULL), "malformed");
    REFUSED(facewarden_attack(door, &good, &wrong[index], "{\"aligned\":true}"), "malformed");
    REFUSED(facewarden_decode(&wrong[index]), "malformed");
  }
  const size_t huge[] = {SIZE_MAX, SIZE_MAX / 3 + 1, (size_t)1 << 62, 10001};
  for (size_t index = 0; index < sizeof huge / sizeof *huge; index++) {
    facewarden_picture wide = {.bytes = pixels, .byte_count = sizeof pixels, .width = huge[index],
                               .height = 64};
    facewarden_picture high = {.bytes = pixels, .byte_count = sizeof pixels, .width = 64,
                               .height = huge[index]};
    REFUSED(facewarden_screen(door, &wide, NULL), "picture_too_large");
    REFUSED(facewarden_screen(door, &high, NULL), "picture_too_large");
    REFUSED(facewarden_decode(&high), "picture_too_large");
  }
  facewarden_picture large = {.bytes = pixels, .byte_count = (size_t)1 << 62};
  REFUSED(facewarden_screen(door, &large, NULL), "picture_too_large");
  facewarden_picture small = {.bytes = pixels, .byte_count = sizeof pixels, .width = 64};
  REFUSED(facewarden_screen(door, &small, NULL), "picture_too_small");
  facewarden_picture black = {.bytes = pixels, .byte_count = sizeof pixels, .width = 64, .height = 64};
  REFUSED(facewarden_verify(door, &black, &good, "{\"aligned\":true}"), "not_aligned");
  REFUSED(facewarden_verify(door, &black, &good, NULL), "no_face");
  facewarden_picture text = {.bytes = (const uint8_t *)"nonsense", .byte_count = 8};
  REFUSED(facewarden_verify(door, &text, &good, NULL), "unsupported_type");
}

/* Options that cannot be. */
static void wrong_options(facewarden *door) {
  facewarden_picture a = file("genuine-probe.png"), b = file("genuine-reference.png");
  const char *wrong[] = {
      "", "{", "null", "{\"Aligned\":true}", "{\"aligned\":1}", "{\"aligned\":true,\"aligned\":true}",
      "{\"threshold\":-1}", "{\"threshold\":\"1\"}", "{\"id\":1}", "{\"probe_landmarks\":[[1,2]]}",
      "{\"aligned\":true,\"probe_landmarks\":[[1,2],[3,4],[5,6],[7,8],[9,10]]}", "{\"a\":\"\xff\"}",
  };
  for (size_t index = 0; index < sizeof wrong / sizeof *wrong; index++)
    REFUSED(facewarden_verify(door, &a, &b, wrong[index]), "malformed");
  const char *attacks[] = {
      "{\"attack\":\"none\"}", "{\"theta\":0}", "{\"theta\":\"window\"}", "{\"iterations\":1.5}",
      "{\"iterations\":0}", "{\"seed\":-1}", "{\"seed\":1e300}", "{\"whole\":true,\"aligned\":true}",
  };
  for (size_t index = 0; index < sizeof attacks / sizeof *attacks; index++)
    REFUSED(facewarden_attack(door, &a, &b, attacks[index]), "malformed");
  char *long_text = malloc(2 << 20);
  memset(long_text, ' ', 2 << 20);
  long_text[(2 << 20) - 1] = 0;
  REFUSED(facewarden_verify(door, &a, &b, long_text), "malformed");
  free(long_text);
}

/* Pixels in memory, with gaps between rows, give what the file gives. */
static void pixels(facewarden *door) {
  facewarden_picture a = file("genuine-probe.png"), b = file("genuine-reference.png");
  facewarden_answer *decoded = facewarden_decode(&a);
  size_t width = 0, height = 0;
  const uint8_t *rgb = facewarden_answer_pixels(decoded, &width, &height);
  CHECK(rgb && width == 128 && height == 128);
  if (!rgb) return;
  const size_t stride = 400;
  uint8_t *rows = malloc(127 * stride + 384);
  memset(rows, 77, 127 * stride + 384);
  for (int row = 0; row < 128; row++) memcpy(rows + row * stride, rgb + row * 384, 384);
  facewarden_picture gaps = {.bytes = rows, .byte_count = 127 * stride + 384, .width = 128,
                             .height = 128, .stride = stride};
  facewarden_answer *first = facewarden_embed(door, &a, "{\"aligned\":true}");
  facewarden_answer *second = facewarden_embed(door, &gaps, "{\"aligned\":true}");
  size_t count = 0, other = 0;
  const float *x = facewarden_answer_floats(first, &count);
  const float *y = facewarden_answer_floats(second, &other);
  CHECK(x && y && count == other && count > 0 && memcmp(x, y, count * sizeof *x) == 0);
  CHECK(holds(second, "\"format\":\"rgb\""));
  gaps.byte_count--;
  REFUSED(facewarden_embed(door, &gaps, "{\"aligned\":true}"), "malformed");

  /* Distances and gradients: the same numbers alone and in a batch, and a step down leads down. */
  facewarden_answer *goal = facewarden_embed(door, &b, "{\"aligned\":true}");
  const float *embedding = facewarden_answer_floats(goal, NULL);
  const size_t face = 128 * 128 * 3;
  float *faces = malloc(3 * face * sizeof *faces), *slopes = malloc(3 * face * sizeof *slopes);
  float *alone = malloc(face * sizeof *alone);
  for (size_t index = 0; index < 3 * face; index++)
    faces[index] = index < 2 * face ? rgb[index % face] : 255 - rgb[index % face];
  float distances[3] = {-1, -1, -1}, single = -1, nearer = -1;
  print("distances",
        facewarden_distances(door, faces, 3, embedding, 1, count, distances, slopes), FACEWARDEN_YES);
  print("distances",
        facewarden_distances(door, faces, 1, embedding, 1, count, &single, alone), FACEWARDEN_YES);
  CHECK(distances[0] == distances[1] && distances[0] == single && distances[2] != single);
  CHECK(memcmp(alone, slopes + face, face * sizeof *alone) == 0);
  printf("distance %.9g\n", single);
  for (size_t index = 0; index < face; index++) faces[index] -= 500 * alone[index];
  print("distances",
        facewarden_distances(door, faces, 1, embedding, 1, count, &nearer, NULL), FACEWARDEN_YES);
  CHECK(nearer >= 0 && nearer < single);

  float kept = 7;
  REFUSED(facewarden_distances(door, NULL, 1, embedding, 1, count, &kept, NULL), "malformed");
  REFUSED(facewarden_distances(door, faces, 1, NULL, 1, count, &kept, NULL), "malformed");
  REFUSED(facewarden_distances(door, faces, 1, embedding, 1, count, NULL, NULL), "malformed");
  REFUSED(facewarden_distances(door, faces, 0, embedding, 1, count, &kept, NULL), "malformed");
  REFUSED(facewarden_distances(door, faces, SIZE_MAX, embedding, 1, count, &kept, NULL), "malformed");
  REFUSED(facewarden_distances(door, faces, 65537, embedding, 1, count, &kept, NULL), "malformed");
  REFUSED(facewarden_distances(door, faces, 1, embedding, 2, count, &kept, NULL), "malformed");
  REFUSED(facewarden_distances(door, faces, 1, embedding, 0, count, &kept, NULL), "malformed");
  REFUSED(facewarden_distances(door, faces, 1, embedding, 1, count - 1, &kept, NULL), "malformed");
  REFUSED(facewarden_distances(door, faces, 1, embedding, 1, SIZE_MAX, &kept, NULL), "malformed");
  REFUSED(facewarden_distances(door, faces, 1, faces, 1, count, &kept, NULL), "malformed");
  faces[5] = 0.0f / 0.0f;
  REFUSED(facewarden_distances(door, faces, 1, embedding, 1, count, &kept, NULL), "malformed");
  CHECK(kept == 7);
  facewarden_answer_free(decoded);
  facewarden_answer_free(first);
  facewarden_answer_free(second);
  facewarden_answer_free(goal);
  free(rows);
  free(faces);
  free(slopes);
  free(alone);
}

/* What several threads ask alike. The pictures are named before any of them starts: the paths that `sample` gives
 * are one set for the whole program. */
struct question {
  facewarden *door;
  facewarden_picture probe, reference;
};

/* One of several threads that ask the same. */
static void *ask(void *asked) {
  const struct question *question = asked;
  return facewarden_verify(
      question->door, &question->probe, &question->reference, "{\"aligned\":true}");
}

static void threads(facewarden *door) {
  pthread_t workers[4];
  struct question question = {
      door, file("genuine-probe.png"), file("genuine-reference.png")};
  facewarden_answer *alone = ask(&question);
  /* As little stack as the header asks for. */
  pthread_attr_t attributes;
  CHECK(pthread_attr_init(&attributes) == 0);
  CHECK(pthread_attr_setstacksize(&attributes, 1 << 20) == 0);
  for (int index = 0; index < 4; index++)
    CHECK(pthread_create(&workers[index], &attributes, ask, &question) == 0);
  pthread_attr_destroy(&attributes);
  for (int index = 0; index < 4; index++) {
    void *answer = NULL;
    CHECK(pthread_join(workers[index], &answer) == 0);
    CHECK(strcmp(facewarden_answer_json(answer), facewarden_answer_json(alone)) == 0);
    facewarden_answer_free(answer);
  }
  facewarden_answer_free(alone);
}

/* Enrolled people are identified, sealed or not; what cannot be is refused. */
static void templates(facewarden *door) {
  const char *aligned = "{\"aligned\":true}";
  const char *key =
      "{\"aligned\":true,\"template_key\":\"5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a\"}";
  facewarden_picture ada = file("genuine-reference.png"), bob = file("impostor-reference.png");
  facewarden_picture probe = file("genuine-probe.png"), changed = file("adversarial-probe.png");
  facewarden_answer *made[] = {
      facewarden_enrol(door, "Ada", &ada, 1, aligned), facewarden_enrol(door, "Bob", &bob, 1, aligned),
      facewarden_enrol(door, "Ada", &ada, 1, key), facewarden_enrol(door, "Bob", &bob, 1, key)};
  const char *texts[4];
  for (int index = 0; index < 4; index++) {
    CHECK(facewarden_answer_status(made[index]) == FACEWARDEN_YES);
    texts[index] = facewarden_answer_json(made[index]);
  }
  CHECK(strstr(texts[2], "\"sealed\"") && !strstr(texts[2], "\"Ada\""));
  printf("enrol-ada %s\nenrol-bob %s\n", texts[0], texts[1]);
  facewarden_answer *open = facewarden_identify(door, &probe, texts, 2, aligned);
  facewarden_answer *sealed = facewarden_identify(door, &probe, texts + 2, 2, key);
  CHECK(strcmp(facewarden_answer_json(open), facewarden_answer_json(sealed)) == 0);
  facewarden_answer_free(sealed);
  print("identify", open, FACEWARDEN_YES);
  print("identify-nobody", facewarden_identify(door, &probe, texts + 1, 1, aligned), FACEWARDEN_NO);
  print("identify-changed", facewarden_identify(door, &changed, texts, 2, aligned), FACEWARDEN_NO);
  facewarden_picture both[] = {ada, probe}, strangers[] = {ada, bob};
  print("enrol-two", facewarden_enrol(door, "Ada", both, 2, aligned), FACEWARDEN_YES);
  facewarden_answer *no = facewarden_enrol(door, "Eve", &changed, 1, aligned);
  CHECK(holds(no, "\"code\":\"enrolment_tampered\""));
  print("enrol-changed", no, FACEWARDEN_NO);
  no = facewarden_enrol(door, "Eve", strangers, 2, aligned);
  CHECK(holds(no, "\"code\":\"enrolment_mismatch\""));
  print("enrol-strangers", no, FACEWARDEN_NO);

  REFUSED(facewarden_enrol(NULL, "Ada", &ada, 1, aligned), "malformed");
  REFUSED(facewarden_enrol(door, NULL, &ada, 1, aligned), "malformed");
  REFUSED(facewarden_enrol(door, "", &ada, 1, aligned), "malformed");
  REFUSED(facewarden_enrol(door, "\xff", &ada, 1, aligned), "malformed");
  char name[258];
  memset(name, 'a', 257);
  name[257] = 0;
  REFUSED(facewarden_enrol(door, name, &ada, 1, aligned), "malformed");
  REFUSED(facewarden_enrol(door, "Ada", NULL, 1, aligned), "malformed");
  REFUSED(facewarden_enrol(door, "Ada", &ada, 0, aligned), "malformed");
  REFUSED(facewarden_enrol(door, "Ada", &ada, 17, aligned), "malformed");
  REFUSED(facewarden_enrol(door, "Ada", &ada, SIZE_MAX, aligned), "malformed");
  REFUSED(facewarden_enrol(door, "Ada", &ada, 1, "{\"id\":\"1\"}"), "malformed");
  REFUSED(facewarden_enrol(door, "Ada", &ada, 1, "{\"template_key\":\"5a\"}"), "malformed");
  const char *none[] = {NULL}, *wrong[] = {"{}"}, *twice[] = {texts[0], texts[0]};
  REFUSED(facewarden_identify(door, &probe, NULL, 1, aligned), "malformed");
  REFUSED(facewarden_identify(door, NULL, texts, 1, aligned), "malformed");
  REFUSED(facewarden_identify(door, &probe, none, 1, aligned), "malformed");
  REFUSED(facewarden_identify(door, &probe, texts, 0, aligned), "malformed");
  REFUSED(facewarden_identify(door, &probe, texts, SIZE_MAX, aligned), "malformed");
  REFUSED(facewarden_identify(door, &probe, wrong, 1, aligned), "bad_gallery");
  REFUSED(facewarden_identify(door, &probe, twice, 2, aligned), "bad_gallery");
  REFUSED(facewarden_identify(door, &probe, texts, 1, key), "bad_gallery");
  REFUSED(facewarden_identify(door, &probe, texts + 2, 1, aligned), "bad_gallery");
  for (int index = 0; index < 4; index++) facewarden_answer_free(made[index]);
}

/* A child without the pool's threads is told so, instead of waiting for them. */
static void child(facewarden *door) {
  fflush(stdout);
  pid_t process = fork();
  if (process == 0) {
    facewarden_picture a = file("genuine-probe.png");
    facewarden *own = NULL;
    failures = 0;
    REFUSED(facewarden_verify(door, &a, &a, NULL), "other_process");
    REFUSED(facewarden_open(models, NULL, &own), "other_process");
    CHECK(own == NULL);
    _exit(failures != 0);
  }
  int status = 1;
  CHECK(process > 0 && waitpid(process, &status, 0) == process && status == 0);
}

int main(int count, char **words) {
  if (count != 3) return 64;
  models = words[1];
  samples = words[2];
  CHECK(facewarden_interface() == FACEWARDEN_INTERFACE);
  printf("version %s\n", facewarden_version());
  without_models();

  facewarden *door = NULL;
  print("open", facewarden_open(models, "{\"threads\":2}", &door), FACEWARDEN_YES);
  CHECK(door != NULL);
  const char *aligned = "{\"aligned\":true}";
  const char *pairs[][2] = {{"genuine", "0"}, {"impostor", "1"}, {"adversarial", "1"}};
  for (int index = 0; index < 3; index++) {
    char names[2][64];
    snprintf(names[0], sizeof names[0], "%s-probe.png", pairs[index][0]);
    snprintf(names[1], sizeof names[1], "%s-reference.png", pairs[index][0]);
    facewarden_picture a = file(names[0]), b = file(names[1]);
    facewarden_answer *answer = facewarden_verify(door, &a, &b, aligned);
    CHECK(holds(answer, "\"decision\":\"accept\"") ==
          (facewarden_answer_status(answer) == FACEWARDEN_YES));
    print(pairs[index][0], answer, atoi(pairs[index][1]));
  }
  facewarden_picture changed = file("adversarial-probe.png"), clean = file("genuine-probe.png");
  print("screen", facewarden_screen(door, &changed, aligned), FACEWARDEN_NO);
  print("screen-clean", facewarden_screen(door, &clean, aligned), FACEWARDEN_YES);
  facewarden_picture whole = file("whole/person-00008/000.jpg");
  print("whole", facewarden_screen(door, &whole, "{\"id\":\"7\"}"), FACEWARDEN_YES);
  print("find", facewarden_find(door, &whole, "{\"id\":\"samples/whole/person-00008/000.jpg\"}"),
        FACEWARDEN_YES);
  facewarden_answer *made = facewarden_reconstruct(door, &clean, aligned);
  size_t width = 0, height = 0;
  CHECK(facewarden_answer_pixels(made, &width, &height) && width == 128 && height == 128);
  facewarden_answer_free(made);
  facewarden_picture impostor = file("impostor-probe.png"), goal = file("impostor-reference.png");
  facewarden_answer *attack =
      facewarden_attack(door, &impostor, &goal, "{\"aligned\":true,\"iterations\":4}");
  CHECK(facewarden_answer_pixels(attack, &width, &height) && width == 128 && height == 128);
  print("attack", attack, FACEWARDEN_YES);
  facewarden_picture photograph = file("whole/person-00000/000.jpg");
  attack = facewarden_attack(door, &photograph, &whole,
                             "{\"whole\":true,\"theta\":\"door\",\"iterations\":2,\"seed\":5}");
  CHECK(facewarden_answer_pixels(attack, &width, &height) && width == 320 && height == 320);
  printf("attack-whole %s\n", facewarden_answer_json(attack));
  facewarden_answer_free(attack);

  wrong_pictures(door);
  wrong_options(door);
  pixels(door);
  templates(door);
  threads(door);
  child(door);

  facewarden_close(door);
  REFUSED(facewarden_verify(door, &clean, &clean, aligned), "not_open");
  facewarden_close(door);
  facewarden_answer *freed = facewarden_decode(&clean);
  CHECK(facewarden_answer_status(freed) == FACEWARDEN_YES);
  facewarden_answer_free(freed);
  facewarden_answer_free(freed);
  CHECK(facewarden_answer_status(freed) == FACEWARDEN_UNDECIDED);
  CHECK(facewarden_answer_pixels(freed, NULL, NULL) == NULL);
  if (failures > 0) fprintf(stderr, "%d failures\n", failures);
  return failures != 0;
}
