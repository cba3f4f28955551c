/* A page of people, cut from enrolments that stand in the order of the list, a person's together.
 */
#pragma once

#include "view.h"

/* Moves the enrolments of the first people to the front and sets the count to theirs; people of
 * whom no enrolment is_listed are passed over. False where that cannot be told from these rows: too
 * few people, or the last of them may have more rows. is_end: nobody comes behind these rows. */
bool paging_cut(struct enrolment_row *rows, size_t *count, size_t people, bool is_end);

/* The order in which a page shows whom it has: by first training, then by id; of one person by the
 * creation of the training record, then by its id. */
void paging_order(struct enrolment_row *rows, size_t count);
