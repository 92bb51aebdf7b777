// SPDX-License-Identifier: GPL-2.0
/* QEMU's control protocol, QMP: a JSON object a line, both ways. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "proc.h"
#include "vm_private.h"

static void take_event(struct vm *vm, json_t *message)
{
	const char *event = json_string_value(json_object_get(message, "event"));
	json_t *data = json_object_get(message, "data");
	const char *text;

	if (event && !strcmp(event, "SHUTDOWN")) {
		text = json_string_value(json_object_get(data, "reason"));
		snprintf(vm->shutdown, sizeof(vm->shutdown), "%s",
			 text ? text : "unknown");
	} else if (event && !strcmp(event, "MIGRATION")) {
		text = json_string_value(json_object_get(data, "status"));
		snprintf(vm->migration, sizeof(vm->migration), "%s",
			 text ? text : "");
	} else if (!event && !json_object_get(message, "QMP")) {
		json_decref(vm->reply);
		vm->reply = json_incref(message);
	}
}

void vm_take_qmp(struct vm *vm)
{
	struct buf *in = &vm->qmp_in;
	char *eol;

	while (in->len && (eol = memchr(in->data, '\n', in->len))) {
		size_t used = eol - in->data + 1;
		json_t *message = json_loadb(in->data, used, 0, NULL);

		if (message)
			take_event(vm, message);
		json_decref(message);
		memmove(in->data, in->data + used, in->len - used);
		in->len -= used;
	}
}

static int send_with_fd(int sock, const char *text, size_t len, int fd)
{
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec iov = { .iov_base = (void *)text, .iov_len = len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (fd >= 0) {
		struct cmsghdr *c;

		msg.msg_control = control.room;
		msg.msg_controllen = sizeof(control.room);
		c = CMSG_FIRSTHDR(&msg);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	}
	return sendmsg(sock, &msg, MSG_NOSIGNAL) == (ssize_t)len ? 0 : -EIO;
}

int vm_command(struct vm *vm, const char *name, json_t *arguments, int fd)
{
	json_t *command = json_pack("{s:s}", "execute", name);
	int64_t deadline = now_ms() + 10000;
	char *text;
	int err;

	if (arguments)
		json_object_set_new(command, "arguments", arguments);
	text = json_dumps(command, JSON_COMPACT);
	json_decref(command);
	json_decref(vm->reply);
	vm->reply = NULL;
	err = text ? send_with_fd(vm->qmp, text, strlen(text), fd) : -ENOMEM;
	free(text);
	while (!err && !vm->reply) {
		if (vm->exited || now_ms() > deadline || interrupt_pending())
			err = -EIO;
		else
			vm_poll(vm, 100);
	}
	if (!err && !json_object_get(vm->reply, "return"))
		err = -EIO;
	return err;
}

int vm_share_memory(struct vm *vm)
{
	json_t *caps = json_pack("{s:[{s:s,s:b},{s:s,s:b}]}", "capabilities",
				 "capability", "x-ignore-shared", "state", 1,
				 "capability", "events", "state", 1);

	return vm_command(vm, "migrate-set-capabilities", caps, -1);
}

bool vm_wait_migration(struct vm *vm, int64_t deadline)
{
	while (strcmp(vm->migration, "completed")) {
		if (!strcmp(vm->migration, "failed") || vm->exited ||
		    now_ms() > deadline || interrupt_pending())
			return false;
		vm_poll(vm, 100);
	}
	return true;
}
