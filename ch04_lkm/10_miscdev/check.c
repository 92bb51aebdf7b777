// SPDX-License-Identifier: GPL-2.0
/*
 * What the devices /dev/tape0 and /dev/tape1 must do.
 *
 * Each check loads the module with a capacity drawn at random, and compares
 * what the devices do with a model of them in this program's memory.
 * check_rough.c has what goes wrong: bad pointers, huge numbers, two at once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "check_tape.h"

FIXTURE_SETUP(tape)
{
	tape_load(self);
}

FIXTURE_TEARDOWN(tape)
{
	tape_unload(self);
}

CHECK_F(tape, devices,
	.title = "Two character devices appear, and go with the module")
{
	for (int id = 0; id < 2; id++) {
		const char *path = id ? "/dev/tape1" : "/dev/tape0";
		struct stat st;

		ASSERT_OK(libc_ret(stat(path, &st)),
			  "There is no %s. misc_register() makes it, from the name in struct miscdevice.",
			  path);
		ASSERT_TRUE(S_ISCHR(st.st_mode));
		EXPECT_EQ(st.st_mode & 07777, 0640,
			  "%s has not the mode 0640 (the numbers here are decimal).",
			  path);
	}
	ASSERT_OK(mod_unload("tape"), "The module was not unloaded.");
	EXPECT_NE(access("/dev/tape0", F_OK) && access("/dev/tape1", F_OK), 0,
		  "After unloading a device is still there: misc_deregister().");
}

CHECK_F(tape, in_use, .needs = "devices",
	.title = "While a tape is open the module stays")
{
	int fd = tape_open(1, O_RDONLY);

	ASSERT_EQ(mod_refcount("tape"), 1,
		  "/dev/tape1 is open, and nobody counts that. The module could be unloaded, and the next call would run code that is gone: set .owner in struct file_operations.");
	EXPECT_ERR(mod_unload("tape"), EWOULDBLOCK);
	close(fd);
	EXPECT_OK(mod_unload("tape"));
}

CHECK_F(tape, write_read, .needs = "in_use",
	.title = "What was written is read, from where one is")
{
	size_t len = check_random_range(2, self->capacity / 2);
	size_t part = check_random_range(1, len - 1);
	unsigned char *bytes = random_bytes(len), *got = malloc(len + 1);
	int fd = tape_open(0, O_RDWR), other = tape_open(0, O_RDONLY);

	ASSERT_EQ(libc_ret(read(fd, got, 1)), 0,
		  "An empty tape has nothing to read: read() returns 0.");
	ASSERT_EQ(libc_ret(write(fd, bytes, part)), part,
		  "There is room: write() takes all.");
	ASSERT_EQ(libc_ret(write(fd, bytes + part, len - part)), len - part);
	ASSERT_EQ(libc_ret(read(other, got, part)), part,
		  "The tape has %zu bytes, and the first %zu were asked for.", len,
		  part);
	EXPECT_MEMEQ(got, bytes, part, "Other bytes were read than were written.");
	ASSERT_EQ(libc_ret(read(other, got, len + 1)), len - part,
		  "More was asked for than there is: read() returns what is left. Does each read() move the position?");
	EXPECT_MEMEQ(got, bytes + part, len - part,
		     "The second read() has to go on where the first one ended.");
	EXPECT_EQ(libc_ret(read(other, got, 1)), 0,
		  "At the end of the tape read() returns 0.");
	close(other);
	other = tape_open(1, O_RDONLY);
	EXPECT_EQ(libc_ret(read(other, got, 1)), 0,
		  "Nothing was written to the other tape.");
}

CHECK_F(tape, full, .needs = "write_read",
	.title = "A full tape takes what fits, then nothing")
{
	size_t room = check_random_range(1, 100);
	unsigned char *bytes = random_bytes(self->capacity + 100);
	int fd = tape_open(1, O_RDWR);

	ASSERT_EQ(libc_ret(write(fd, bytes, self->capacity - room)),
		  self->capacity - room);
	ASSERT_EQ(libc_ret(write(fd, bytes + self->capacity - room, 200)), room,
		  "%zu bytes fit on the tape, and 200 were written: take what fits, and say so.",
		  room);
	EXPECT_ERR(libc_ret(write(fd, bytes, 1)), ENOSPC, "The tape is full.");
	EXPECT_EQ(libc_ret(write(fd, bytes, 0)), 0,
		  "Nothing was to be written: that is no error.");
	expect_tape(1, bytes, self->capacity);
}

CHECK_F(tape, wind, .needs = "write_read",
	.title = "llseek() winds the tape, within its capacity")
{
	long len = check_random_range(10, self->capacity / 2);
	long cap = self->capacity, back = check_random_range(1, len);
	int fd = tape_open(0, O_RDWR);

	ASSERT_EQ(libc_ret(write(fd, random_bytes(len), len)), len);
	EXPECT_EQ(libc_ret(lseek(fd, 0, SEEK_CUR)), len);
	EXPECT_EQ(libc_ret(lseek(fd, -back, SEEK_CUR)), len - back,
		  "SEEK_CUR counts from where one is.");
	EXPECT_EQ(libc_ret(lseek(fd, -back, SEEK_END)), len - back,
		  "SEEK_END counts from the end of what is on the tape.");
	EXPECT_EQ(libc_ret(lseek(fd, cap, SEEK_SET)), cap);
	EXPECT_ERR(libc_ret(lseek(fd, cap + 1, SEEK_SET)), EINVAL,
		   "Behind the capacity there is no tape.");
	EXPECT_ERR(libc_ret(lseek(fd, -len - 1, SEEK_END)), EINVAL,
		   "Before the beginning there is no tape.");
	EXPECT_ERR(libc_ret(lseek(fd, 0, 77)), EINVAL, "There is no such whence.");
	EXPECT_EQ(libc_ret(lseek(fd, 0, SEEK_CUR)), cap,
		  "An lseek() that was refused has moved the position.");
}

CHECK_F(tape, commands, .needs = "write_read",
	.title = "The commands of tape.h do what it says")
{
	size_t len = check_random_range(200, self->capacity - 200);
	unsigned char *bytes = random_bytes(self->capacity);
	int fd = tape_open(0, O_RDWR), reader = tape_open(0, O_RDONLY);
	struct tape_fill fill = {
		.offset = check_random_range(0, len - 100),
		.count = check_random_range(1, 100),
		.byte = check_random(),
	};
	struct tape_info info;
	__u64 cut = len - check_random_range(1, 100);

	memset(&info, 0xff, sizeof(info));
	ASSERT_EQ(libc_ret(write(fd, bytes, len)), len);
	ASSERT_OK(libc_ret(ioctl(reader, TAPE_INFO, &info)), "TAPE_INFO failed.");
	EXPECT_EQ(info.capacity, self->capacity);
	EXPECT_EQ(info.length, len);
	EXPECT_EQ(info.writes, 1, "One write() was made.");
	EXPECT_EQ(info.reserved, 0, "What is reserved is handed out as 0.");
	ASSERT_OK(libc_ret(ioctl(fd, TAPE_FILL, &fill)), "TAPE_FILL failed.");
	memset(bytes + fill.offset, fill.byte, fill.count);
	expect_tape(0, bytes, len);
	ASSERT_OK(libc_ret(ioctl(fd, TAPE_SET_LENGTH, &cut)), "TAPE_SET_LENGTH failed.");
	expect_tape(0, bytes, cut);
	cut = len;
	ASSERT_OK(libc_ret(ioctl(fd, TAPE_SET_LENGTH, &cut)));
	EXPECT_ERR(libc_ret(ioctl(fd, _IO('t', check_random_range(4, 200)), 0)), ENOTTY,
		   "A command that nobody knows gets -ENOTTY.");
	EXPECT_ERR(libc_ret(ioctl(reader, TAPE_FILL, &fill)), EBADF,
		   "The file is open for reading only, and TAPE_FILL changed the tape.");
	EXPECT_ERR(libc_ret(ioctl(reader, TAPE_SET_LENGTH, &cut)), EBADF,
		   "The file is open for reading only, and TAPE_SET_LENGTH changed the tape.");
}

CHECK_F(tape, gap, .needs = "commands",
	.title = "What was cut off does not come back")
{
	size_t half = self->capacity / 2;
	unsigned char *bytes = random_bytes(self->capacity);
	__u64 cut = check_random_range(1, half);
	int fd = tape_open(0, O_RDWR);

	for (int grow = 0; grow < 2; grow++) {
		__u64 end = check_random_range(half + 1, self->capacity - 1);

		ASSERT_EQ(libc_ret(pwrite(fd, bytes, self->capacity, 0)),
			  self->capacity);
		ASSERT_OK(libc_ret(ioctl(fd, TAPE_SET_LENGTH, &cut)));
		if (grow)
			ASSERT_OK(libc_ret(ioctl(fd, TAPE_SET_LENGTH, &end)));
		else
			ASSERT_EQ(libc_ret(pwrite(fd, "", 1, end - 1)), 1);
		memset(bytes + cut, 0, end - cut);
		ASSERT_TRUE(tape_is(0, bytes, end),
			    "The tape was cut to %llu bytes, and %s at %llu. What lies between must read as zeros. It is what was there before.",
			    cut, grow ? "made longer to end" : "then written", end);
	}
}

/* Random operations, on both tapes, against the model. */
CHECK_F(tape, random_operations, .needs = "gap", .deadline = 60,
	.title = "500 random operations do what they do to a model")
{
	struct model {
		unsigned char *bytes;
		size_t len, pos;
		int fd;
	} models[2];
	unsigned char *buf = malloc(self->capacity);

	for (int id = 0; id < 2; id++)
		models[id] = (struct model){ .bytes = calloc(1, self->capacity),
					     .fd = tape_open(id, O_RDWR) };
	for (int i = 0; i < 500; i++) {
		struct model *m = &models[check_random_range(0, 1)];
		size_t n = check_random_range(0, self->capacity / 3), want;
		size_t room = self->capacity - m->pos;
		unsigned char *bytes;
		__u64 len;

		switch (check_random_range(0, 3)) {
		case 0:
			want = m->pos >= m->len ? 0 :
			       n < m->len - m->pos ? n : m->len - m->pos;
			ASSERT_EQ(libc_ret(read(m->fd, buf, n)), want,
				  "Operation %d: at %zu of %zu, %zu bytes to be read.",
				  i, m->pos, m->len, n);
			ASSERT_MEMEQ(buf, m->bytes + m->pos, want);
			m->pos += want;
			break;
		case 1:
			if (!room)
				break;
			want = n < room ? n : room;
			bytes = random_bytes(n);
			ASSERT_EQ(libc_ret(write(m->fd, bytes, n)), want,
				  "Operation %d: at %zu, %zu bytes to be written, room for %zu.",
				  i, m->pos, n, room);
			memcpy(m->bytes + m->pos, bytes, want);
			free(bytes);
			m->pos += want;
			if (want && m->pos > m->len)
				m->len = m->pos;
			break;
		case 2:
			m->pos = check_random_range(0, self->capacity);
			ASSERT_EQ(libc_ret(lseek(m->fd, m->pos, SEEK_SET)), m->pos);
			break;
		default:
			len = check_random_range(0, self->capacity);
			ASSERT_OK(libc_ret(ioctl(m->fd, TAPE_SET_LENGTH, &len)));
			m->len = len;
			memset(m->bytes + len, 0, self->capacity - len);
		}
	}
	for (int id = 0; id < 2; id++)
		expect_tape(id, models[id].bytes, models[id].len);
}
