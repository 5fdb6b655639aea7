/** To whom does the reader say that something is wrong here: by mail, by phone, on a page, or as the contact is written. */
import { safeUrl } from "./dom.js";

const MAIL = /^[A-Za-z0-9][A-Za-z0-9._%+-]*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/;
const PHONE = /^\+?\d[\d-]{5,18}\d$/;

/**
 * @param {string} contact as the city wrote it, such as "规划局 0000-0000000"
 * @param {{subject: string, body: string}} words put into a mail
 * @returns {{href: string | null, text: string}} href: null when nothing in it can be followed
 */
export function reportTo(contact, { subject, body }) {
  const text = contact.trim();
  const page = /^https?:\/\//i.test(text) ? safeUrl(text) : null;
  if (page) return { href: page, text };
  const parts = text.split(/[\s,，、;；:：()（）]+/);
  const mail = parts.filter((part) => MAIL.test(part));
  if (mail.length === 1) return { href: `mailto:${mail[0]}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body)}`, text };
  const phone = parts.filter((part) => PHONE.test(part));
  if (!mail.length && phone.length === 1) return { href: `tel:${phone[0]}`, text };
  return { href: null, text };
}
