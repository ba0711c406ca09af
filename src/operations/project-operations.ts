/** What operators do with projects: part of `Operations`. */
import type { ProjectRecord, Quota } from '../model/records'
import type { Operator } from './context'
import type { NewProject, ProjectChange, ProjectWithUse } from './projects'

export interface ProjectOperations {
  addProject(operator: Operator, order: { readonly name: string; readonly quota?: Partial<Quota> }): Promise<NewProject>
  /** What is not named stays; `pendingTimeout` null: its machines wait for a place as long as it takes. */
  setProject(operator: Operator, name: string, change: ProjectChange): Promise<ProjectWithUse>
  listProjects(
    operator: Operator,
  ): Promise<readonly (ProjectRecord & { readonly used: Readonly<Record<string, number>> })[]>
  /** Starts (or continues) ending all the project has; `left` machines are not gone yet; the project's own records go last. */
  purgeProject(operator: Operator, name: string): Promise<{ readonly left: number; readonly done: boolean }>
}
