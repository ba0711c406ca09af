import { unseal } from '../../store/sealed'
import type { Context } from '../context'
import { deleteLaunchTemplate, deleteTemplateVersions, setStandardVersion } from './change'
import { addTemplateVersion, createLaunchTemplate } from './create'
import type { LaunchTemplateOperations } from './operations'

export type { LaunchTemplateOperations } from './operations'

/** Bound to their contexts: wishes to one, reads to the one that shows its last known state while Redis is away. */
export const openLaunchTemplates = (context: Context, reading: Context): LaunchTemplateOperations => ({
  async listLaunchTemplates(caller) {
    await reading.mirror.fresh(caller.project)
    return reading.mirror.list('launchtemplate', caller.project)
  },
  async listTemplateVersions(caller) {
    await reading.mirror.fresh(caller.project)
    return reading.mirror
      .list('launchtemplateversion', caller.project)
      .toSorted((one, other) => one.wish.number - other.wish.number)
  },
  templateUserDataOf: ({ id, wish }) => (wish.userData === null ? null : unseal(reading.ring, id, wish.userData)),
  createLaunchTemplate: (caller, order) => createLaunchTemplate(context, caller, order),
  addTemplateVersion: (caller, order) => addTemplateVersion(context, caller, order),
  setStandardVersion: (caller, order) => setStandardVersion(context, caller, order),
  deleteLaunchTemplate: (caller, order) => deleteLaunchTemplate(context, caller, order),
  deleteTemplateVersions: (caller, order) => deleteTemplateVersions(context, caller, order),
})
