// SPDX-License-Identifier: GPL-2.0
/*
 * What the modules stock and order must do together.
 *
 * Several orders at once are copies of order.ko under other names. A copy that
 * does not import the namespace shows whether there is one.
 */

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "check_object.h"

#define EXPORTS_MAX	16
#define ORDERS		4

static const char *text(const char *format, ...) CHECK_PRINTF_(1, 2);
static const char *text(const char *format, ...)
{
	va_list args;
	char *made;

	va_start(args, format);
	ASSERT_OK(vasprintf(&made, format, args));
	va_end(args);
	return made;
}

/* Each check begins with a stock of a random size, and ends without one. */
FIXTURE(stock) {
	unsigned int size;
};

static void unload_all(void)
{
	for (int i = 0; i < ORDERS; i++)
		if (mod_loaded(text("orde%c", 'a' + i)))
			EXPECT_OK(mod_unload(text("orde%c", 'a' + i)));
	if (mod_loaded("order"))
		EXPECT_OK(mod_unload("order"), "order was not unloaded.");
	if (mod_loaded("stock"))
		EXPECT_OK(mod_unload("stock"),
			  "stock was not unloaded, and no order is there any more: somebody still holds it.");
}

FIXTURE_SETUP(stock)
{
	self->size = check_random_range(100, 100000);
	ASSERT_OK(mod_load("stock.ko", text("size=%u", self->size)));
}

FIXTURE_TEARDOWN(stock)
{
	(void)self;
	unload_all();
}

static int place_order(unsigned int count)
{
	return mod_load("order.ko", text("count=%u", count));
}

static void expect_left(unsigned int want, const char *why)
{
	char *shown = mod_param_read("stock", "left");

	ASSERT_NOTNULL(shown);
	ASSERT_STREQ(shown, text("%u", want), "%s", why);
	free(shown);
}

/* --------------------------------------------------------------- exports --- */

CHECK(exports, .title = "The functions of stock.h are exported as it says, and nothing else")
{
	static const char *const wanted[] = { "stock_take", "stock_give", "stock_left" };
	struct object o = object_read("stock.ko");
	struct export exports[EXPORTS_MAX];
	unsigned int count = object_exports(&o, exports, EXPORTS_MAX), found = 0;
	const char *others = "";

	for (unsigned int i = 0; i < count; i++) {
		bool known = false;

		for (int j = 0; j < 3; j++)
			known |= !strcmp(exports[i].name, wanted[j]);
		found += known;
		if (!known)
			others = text("%s %s", others, exports[i].name);
		EXPECT_STREQ(exports[i].section, "__ksymtab_gpl",
			     "%s is exported to modules of any licence. stock.h says: to those compatible with the GPL.",
			     exports[i].name);
		EXPECT_STREQ(exports[i].namespace, "STOCK",
			     "%s is not exported in the namespace STOCK.", exports[i].name);
	}
	EXPECT_EQ(found, 3,
		  "Other modules must find all three functions of stock.h. Each needs an EXPORT_SYMBOL of some kind.");
	EXPECT_STREQ(others, "", "Exported, but not in stock.h:%s. What is internal is static.",
		     others);
	object_free(&o);
}

/* --------------------------------------------------------- one on the other --- */

CHECK(needs_stock, .title = "Without stock, order cannot be loaded")
{
	int result = place_order(1);

	if (!result)
		mod_unload("order");
	EXPECT_ERR(result, ENOENT,
		   "order.ko must use functions of stock.ko. Then the kernel misses them when stock is not loaded, and refuses with -ENOENT.");
}

CHECK_F(stock, takes_and_gives, .title = "An order takes its items, and gives them back")
{
	for (int i = 0; i < 3; i++) {
		unsigned int count = i == 1 ? self->size : check_random_range(0, self->size);

		expect_left(self->size, "With no order, all items are left.");
		ASSERT_OK(place_order(count), "An order of %u of %u items was refused.", count,
			  self->size);
		expect_left(self->size - count,
			    "While an order is loaded, its items are not left.");
		ASSERT_OK(mod_unload("order"));
		expect_left(self->size,
			    "After an order was unloaded, its items must be back: the exit function gives them.");
	}
}

CHECK_F(stock, refuses_too_many, .title = "An order of more than there is, is refused")
{
	const unsigned int many[] = {
		self->size + 1, check_random_range(self->size + 1, INT_MAX), UINT_MAX,
	};

	for (int i = 0; i < 3; i++) {
		int result = place_order(many[i]);

		ASSERT_NE(result, 0,
			  "An order of %u items was loaded, and there are %u. What stock_take() returns, the init function must return.",
			  many[i], self->size);
		EXPECT_ERR(result, ENOSPC,
			   "The init function must return the error that stock_take() returned, and that is -ENOSPC.");
		expect_left(self->size,
			    "After an order was refused something is missing, or too many are there.");
	}
	EXPECT_EQ(mod_refcount("stock"), 0,
		  "Nobody uses stock any more, and it counts users.");
	ASSERT_OK(place_order(self->size), "After refused orders, a good one is refused as well.");
}

CHECK_F(stock, in_use, .title = "While an order is loaded, stock cannot be unloaded")
{
	EXPECT_EQ(mod_refcount("stock"), 0, "Nobody uses it yet.");
	ASSERT_OK(place_order(check_random_range(1, self->size)));
	ASSERT_EQ(mod_refcount("stock"), 1,
		  "One module uses stock. The kernel counts that by itself, once for each module.");
	EXPECT_OK(libc_ret(access("/sys/module/stock/holders/order", F_OK)),
		  "The kernel does not see that order uses stock.");
	ASSERT_ERR(mod_unload("stock"), EWOULDBLOCK,
		   "stock was unloaded, and order may still call it.");
	ASSERT_OK(mod_unload("order"));
	EXPECT_EQ(mod_refcount("stock"), 0, "order is gone, and stock counts it still.");
	EXPECT_OK(mod_unload("stock"));
}

/* ------------------------------------------------------------ namespaces --- */

CHECK_F(stock, import_needed, .title = "A module that does not import STOCK is refused")
{
	struct object o = object_read("order.ko");
	u64 mark = kmsg_mark();
	int result;

	ASSERT_EQ(object_replace(&o, ".modinfo", "import_ns=STOCK", "imported_=STOCK"), 1,
		  "order.ko does not say that it uses the namespace STOCK: MODULE_IMPORT_NS().");
	object_write(&o, "no_import.ko");
	object_free(&o);
	result = mod_load("no_import.ko", NULL);
	if (!result)
		mod_unload("order");
	(void)self;
	EXPECT_ERR(result, EINVAL,
		   "A copy of order.ko without its import was loaded. The functions of stock must be exported in the namespace STOCK.");
	EXPECT_MATCH(kmsg_since(mark), "namespace STOCK, but does not import it",
		     "The kernel did not miss the import.");
}

/* ----------------------------------------------------------- many orders --- */

/* order.ko under another name: ordea, ordeb, ... */
static const char *copy_of_order(int i)
{
	const char *name = text("orde%c", 'a' + i), *file = text("%s.ko", name);
	struct object o = object_read("order.ko");

	ASSERT_EQ(object_replace(&o, ".modinfo", "name=order", text("name=%s", name)), 1);
	ASSERT_EQ(object_replace(&o, ".gnu.linkonce.this_module", "order", name), 1);
	object_write(&o, file);
	object_free(&o);
	return file;
}

CHECK_F(stock, many_orders, .needs = "takes_and_gives",
	.title = "Several orders share one stock")
{
	unsigned int left = self->size, counts[ORDERS], wraps;
	int result;

	for (int i = 0; i < ORDERS; i++) {
		counts[i] = check_random_range(1, left / 2);
		ASSERT_OK(mod_load(copy_of_order(i), text("count=%u", counts[i])),
			  "Order %d, of %u items, was refused, and there are %u left.", i + 1,
			  counts[i], left);
		left -= counts[i];
		expect_left(left, "What several orders take adds up.");
	}
	EXPECT_EQ(mod_refcount("stock"), ORDERS, "Each order is a user of stock.");
	EXPECT_ERR(place_order(left + 1), ENOSPC,
		   "An order of one item more than is left must be refused.");
	wraps = UINT_MAX - check_random_range(0, self->size - left - 1);
	result = place_order(wraps);
	ASSERT_NE(result, 0,
		  "An order of %u items was loaded, and there are %u left. %u are taken: does a sum wrap around to a small number?",
		  wraps, left, self->size - left);
	expect_left(left, "After a refused order, as many are left as before.");
	for (int i = 0; i < ORDERS; i++) {
		ASSERT_OK(mod_unload(text("orde%c", 'a' + i)));
		left += counts[i];
		expect_left(left, "Each order gives back what it took, no more and no less.");
	}
}
