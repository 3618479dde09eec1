// SPDX-License-Identifier: Apache-2.0
//
// Programs and files of a replay: the simulated card, a test's command, the scratch folder; see replay.h.
#define _DEFAULT_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "host/file.h"
#include "host/options.h"
#include "host/replay.h"

enum { PATIENCE_MS = 300000 /* a guard against hangs */, POLL_MS = 10, WORD_ROOM = 8192 };

static bool refuse(char *error, const char *what, const char *reason) {
    snprintf(error, JSON_ERROR_TEXT, "%.200s: %s", what, reason);
    return false;
}

static void wait_a_little(void) {
    nanosleep(&(struct timespec){.tv_nsec = POLL_MS * 1000000L}, NULL);
}

/* Starts a program in the scratch folder, its output in @p output there. */
static pid_t start(const struct replay_places *places, char *const words[], const char *output) {
    const pid_t pid = fork();
    if (pid != 0) return pid;
    prctl(PR_SET_PDEATHSIG, SIGTERM); /* it does not outlive fwup */
    const int null = open("/dev/null", O_RDONLY);
    if (null < 0 || chdir(places->scratch) != 0) _exit(127);
    const int out = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (out < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 || dup2(out, STDERR_FILENO) < 0)
        _exit(127);
    execv(words[0], words);
    _exit(127);
}

/* Its wait status. It is killed when it does not end. */
static int finish(pid_t pid) {
    int status;
    for (int waited = 0; waitpid(pid, &status, WNOHANG) == 0; waited += POLL_MS) {
        if (waited >= PATIENCE_MS) kill(pid, SIGKILL);
        wait_a_little();
    }
    return status;
}

static bool in_scratch(const struct replay_places *places, const char *name, char path[REPLAY_PATH]) {
    return snprintf(path, REPLAY_PATH, "%s/%s", places->scratch, name) < REPLAY_PATH;
}

bool replay_card_on(struct replay_card *card, const struct replay_places *places, char *error) {
    char link[REPLAY_PATH + 8], socket[REPLAY_PATH];
    char flash[] = "flash", *const words[] = {(char *)places->program,
                                              (char *)"--flash",
                                              flash,
                                              (char *)"--part",
                                              (char *)places->part,
                                              (char *)"--link",
                                              link,
                                              (char *)"--quiet",
                                              NULL};
    struct stat st;
    if (!in_scratch(places, "card", socket)) return refuse(error, places->scratch, "too long");
    snprintf(link, sizeof link, "sim:%s", socket);
    card->pid = start(places, words, "card.log");
    if (card->pid < 0) return refuse(error, places->program, strerror(errno));
    for (int waited = 0; waited < PATIENCE_MS; waited += POLL_MS) {
        int status;
        if (stat(socket, &st) == 0) return true;
        if (waitpid(card->pid, &status, WNOHANG) != 0) {
            card->pid = 0;
            return refuse(error, places->program, "the simulated card did not start");
        }
        wait_a_little();
    }
    return refuse(error, places->program, "the simulated card offers no link");
}

bool replay_card_off(struct replay_card *card, const struct replay_places *places, char *error) {
    char socket[REPLAY_PATH];
    if (card->pid == 0) return true;
    kill(card->pid, SIGTERM);
    finish(card->pid);
    card->pid = 0;
    if (!in_scratch(places, "card", socket)) return refuse(error, places->scratch, "too long");
    unlink(socket);
    return true;
}

/* The end of a file, as text. */
static void read_end(const char *path, char *said, size_t size) {
    FILE *file = fopen(path, "r");
    said[0] = '\0';
    if (file == NULL) return;
    if (fseek(file, -(long)(size - 1), SEEK_END) != 0) rewind(file);
    said[fread(said, 1, size - 1, file)] = '\0';
    fclose(file);
}

int replay_run(const struct replay_places *places, const struct json_value *command, char *said, size_t size) {
    static char room[REPLAY_WORDS][WORD_ROOM];
    char *words[REPLAY_WORDS + 1] = {NULL}, path[REPLAY_PATH];
    unsigned count = 0;
    said[0] = '\0';
    if (snprintf(room[count], WORD_ROOM, "%s/%s", places->tools, command->first->text) >= WORD_ROOM) return -1;
    words[count++] = room[0];
    for (const struct json_value *w = command->first->next; w != NULL; w = w->next, count++) {
        if (!replay_fill(places, w->text, room[count], WORD_ROOM)) return -1;
        words[count] = room[count];
    }
    const pid_t pid = start(places, words, "said");
    if (pid < 0) return -1;
    const int status = finish(pid);
    if (in_scratch(places, "said", path)) read_end(path, said, size);
    return WIFEXITED(status) && WEXITSTATUS(status) != 127 ? WEXITSTATUS(status) : -1;
}

static bool equal_files(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len, uint64_t base, uint64_t size) {
    return base + size <= a_len && base + size <= b_len && memcmp(a + base, b + base, size) == 0;
}

bool replay_unchanged(const struct replay_places *places, uint64_t base, uint64_t size, char *error) {
    char path[REPLAY_PATH];
    uint8_t *before, *after;
    size_t before_len, after_len;
    if (!in_scratch(places, "flash", path)) return refuse(error, places->scratch, "too long");
    if (!file_read(places->flash, &before, &before_len, error)) return false;
    bool good = file_read(path, &after, &after_len, error);
    if (good) {
        good =
            equal_files(before, before_len, after, after_len, base, size) || refuse(error, "flash", "it was changed");
        free(after);
    }
    free(before);
    return good;
}

bool replay_begin(struct replay_places *places, char *error) {
    const char *folder = getenv("TMPDIR");
    char path[REPLAY_PATH];
    uint8_t *bytes;
    size_t len;
    snprintf(places->scratch, sizeof places->scratch, "%.4000s/fwup-replay-XXXXXX", folder != NULL ? folder : "/tmp");
    if (mkdtemp(places->scratch) == NULL) return refuse(error, places->scratch, strerror(errno));
    if (!in_scratch(places, "flash", path)) return refuse(error, places->scratch, "too long");
    if (!file_read(places->flash, &bytes, &len, error)) return false;
    const bool good = file_write(path, bytes, len, error);
    free(bytes);
    return good;
}

void replay_end(const struct replay_places *places) {
    static const char *const names[] = {"flash", "card", "card.log", "said"};
    char path[REPLAY_PATH];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (in_scratch(places, names[i], path)) unlink(path);
    rmdir(places->scratch);
}
