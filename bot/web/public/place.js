// @ts-check
/** A customer's page at a place: one chat, in sync with the server. Its language is chosen by a form, which loads it anew. */
import { follow } from './live.js';
import { createPhone } from './phone.js';

const phone = createPhone('store');

follow(phone.apply, phone.read);
phone.ready();
