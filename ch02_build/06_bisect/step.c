// SPDX-License-Identifier: GPL-2.0
/*
 * One step of `git bisect run ../step`, in the tree: the revision is built, a
 * virtual machine is started, and judge decides there. Its answer is ours.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define STOP	255		/* git bisect run ends at 128 and above */
#define SKIP	125

/* `lab run` loads the box to show that it can; judge wants to do that itself. */
static const char command[] =
	"cp ../judge . && ../../../lab run . -- 'rmmod box; chmod +x judge; ./judge box.ko'";

static const char said_status[] = "the command exited with status ";

int main(void)
{
	int judge = -1, status;
	char line[1024];
	FILE *said = popen(command, "r");

	if (!said) {
		perror("step");
		return STOP;
	}
	while (fgets(line, sizeof(line), said)) {
		fputs(line, stdout);
		if (!strncmp(line, said_status, strlen(said_status)))
			judge = atoi(line + strlen(said_status));
	}
	status = pclose(said);
	if (!WIFEXITED(status) || WEXITSTATUS(status) > 1)
		return STOP;
	if (!WEXITSTATUS(status))
		return 0;
	/* Without a word of judge, it was not built or not loaded. */
	return judge < 0 ? SKIP : judge;
}
