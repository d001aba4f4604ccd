/* replay FOLDER…: runs the fuzz target on every file there, each an ordinary test. */
#include "fuzz.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int replay(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return -1;
    fseek(file, 0, SEEK_END);
    long end = ftell(file);
    rewind(file);
    size_t len = end > 0 ? (size_t)end : 0;
    uint8_t *bytes = malloc(len ? len : 1); /* exactly as long: overruns are seen */
    size_t got = bytes ? fread(bytes, 1, len, file) : 0;
    fclose(file);
    if (!bytes || got != len)
        return -1;
    LLVMFuzzerTestOneInput(bytes, len);
    free(bytes);
    return 0;
}

int main(int count, char **folders)
{
    unsigned number = 0;
    for (int f = 1; f < count; f++) {
        struct dirent **entries;
        int n = scandir(folders[f], &entries, NULL, by_name);
        for (int i = 0; i < n; i++) {
            char path[4096];
            struct stat about;
            snprintf(path, sizeof path, "%s/%s", folders[f], entries[i]->d_name);
            if (stat(path, &about) == 0 && S_ISREG(about.st_mode)) {
                /* Told before it runs: a crash shows which file it was. */
                fprintf(stderr, "replaying %s\n", path);
                int failed = replay(path);
                printf("%sok %u - replays %s\n", failed ? "not " : "", ++number,
                       entries[i]->d_name);
                fflush(stdout);
            }
            free(entries[i]);
        }
        if (n >= 0)
            free(entries);
    }
    printf("1..%u\n", number);
    return 0;
}
