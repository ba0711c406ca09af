/** What our deeds are called to those who only know driver.ts. */
const WORDS: Readonly<Record<string, string>> = {
  disk_make: 'disk.ensure',
  disk_grow: 'disk.grow',
  disk_snapshot: 'disk.snapshot',
  xl_resize: 'resize',
  xl_on: 'power.on',
  xl_shutdown: 'power.off',
  xl_reboot: 'power.reboot',
  xl_reset: 'power.reset',
  xl_save: 'save',
  xl_move: 'move',
}

export const whatOf = (deed: string): string => WORDS[deed] ?? deed
