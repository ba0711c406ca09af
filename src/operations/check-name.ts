/** Names that operators give. They stand in logs, keys and URLs, so they are plain. */
import { fault } from '../faults'

const FORMS = {
  project: /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$/,
  // HTTP Basic ends a user's name at the first colon (RFC 7617 §2).
  user: /^[a-zA-Z0-9][a-zA-Z0-9._@-]{0,62}$/,
  host: /^[a-zA-Z0-9][a-zA-Z0-9.-]{0,62}$/,
  zone: /^[a-z][a-z0-9-]{0,62}$/,
  driver: /^[a-z][a-z0-9-]{0,31}$/,
  // Its OCCI term has `_` for the dots, so that no two names may become one term.
  type: /^(?=.{1,63}$)[a-z][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)*$/,
  network: /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$/,
  // A network interface of Linux has at most 15 characters (IFNAMSIZ).
  bridge: /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,14}$/,
} as const

const TAKES = {
  project: 'up to 63 letters, digits, dots, hyphens and underscores',
  user: 'up to 63 letters, digits, dots, hyphens, underscores and @',
  host: 'up to 63 letters, digits, dots and hyphens',
  zone: 'up to 63 lower case letters, digits and hyphens',
  driver: 'up to 32 lower case letters, digits and hyphens',
  type: 'up to 63 lower case letters, digits, hyphens and dots, as in m1.small',
  network: 'up to 63 letters, digits, dots, hyphens and underscores',
  bridge: 'up to 15 letters, digits, dots, hyphens and underscores',
} as const satisfies Record<keyof typeof FORMS, string>

/** Faults: 'invalid' naming the field. */
export function checkName(what: keyof typeof FORMS, field: string, name: string): void {
  if (!FORMS[what].test(name))
    throw fault('invalid', `the ${field} ${JSON.stringify(name.slice(0, 80))} is not usable: it takes ${TAKES[what]}`, {
      field,
    })
}
