import { Type, type Static } from '@sinclair/typebox';
import { closed, count, number } from './common';

/** Names that clusters use; none can be taken for an option or read by a shell. */
const name = (title: string, description: string) =>
  Type.String({
    title,
    description: `${description} Letters, digits and . _ - , only.`,
    pattern: '^[A-Za-z0-9_][A-Za-z0-9_.,-]*$',
    maxLength: 200,
  });

export const ExecutionSchema = Type.Object(
  {
    partition: Type.Optional(name('Partition', 'Partition of the cluster.')),
    account: Type.Optional(name('Account', 'Account that is charged.')),
    qos: Type.Optional(name('Quality of service', 'QOS of the tasks.')),
    minutes: Type.Optional(count('Minutes', 'Time limit of a task.', 100_000)),
    memory: Type.Optional(
      Type.String({
        title: 'Memory',
        description: 'Memory of a task: a whole number of megabytes, or with K, M, G or T.',
        pattern: '^[1-9][0-9]{0,8}[KMGT]?$',
        maxLength: 10,
      }),
    ),
    cpus: Type.Optional(count('CPUs', 'Cores of a task, one worker thread on each.', 1024)),
    chunkMinutes: Type.Optional(
      number('Chunk minutes', 'How long a task should take; the default is 10.', { exclusiveMinimum: 0, maximum: 100_000 }),
    ),
    scratch: Type.Optional(
      Type.Boolean({
        title: 'Scratch',
        description:
          'Tasks write on the disk of their node (`$SLURM_TMPDIR`, `$TMPDIR` or `/tmp`) and move what is finished into the run folder.',
      }),
    ),
    concurrent: Type.Optional(
      count('Concurrent', 'Tasks that may run at a time; default: as many as the cluster lets.', 100_000),
    ),
  },
  {
    title: 'Execution',
    description:
      'How `recovery run --executor slurm` uses a cluster. Changes no number and no hash; the command line comes before it.',
    ...closed,
  },
);

/** As written in a file. */
export type ExecutionConfig = Static<typeof ExecutionSchema>;
