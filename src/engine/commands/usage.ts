export const USAGE = `recovery: experiments on when a nonlinear model recovers its target

  recovery run FILE     run an experiment
      --out DIR         write the run to DIR (default: recovery-runs/… beside the experiment)
      --workers N       worker threads (default: one for each core; 0: none)
      --events          print events as JSON lines, and nothing else
      --json            print the summary as JSON
      --no-report       write no HTML report
      --watchdog MIN    stop when a worker thread gives no sign of life for so long (default: 120; 0: never)
      --checkpoint SEC  save jobs on their way so often (default: 60; 0: never)
      --executor slurm  run long lists of trainings as array tasks of Slurm; with it, and also from the file's execution block:
        --partition P --account A --qos Q --minutes N --memory 2G --cpus N --concurrent N --chunk-minutes MIN
        --chunk-jobs N  trainings of a task (default: as many as take --chunk-minutes)
        --setup LINE    shell line before the engine starts, such as module load; may be given many times
        --node FILE     the Node.js of the tasks (default: this one)
        --poll SEC      ask Slurm so often (default: 30)
        --scratch DIR   tasks write there on their node and move what is finished over; node: where the node says
        --detach        end once all tasks are submitted; a job that waits for them goes on with the run
  recovery resume RUN   go on with a run that was stopped, from its run folder
      --workers N, --events, --json, --watchdog MIN, --checkpoint SEC, --executor local|slurm and what belongs to it as above
  recovery check FILE   validate an experiment and print what the theory predicts; trains nothing
      --json            the same as JSON
  recovery verify RUN   check the certificates of ranks in a run folder, independently of how they were made; compute a
                        random sample of its jobs anew and compare bit for bit, and its summary byte for byte
      --cells N         so many jobs (default: 5; 0: none)
      --seed S          draw the sample with this seed (default: a random one, which is printed)
      --workers N       as above
      --json            the same as JSON
  recovery gc [FOLDER]  remove what nobody needs below FOLDER (default: here): what killed processes left in run folders, and
                        runs deleted in the editor; never a run that is going on or pinned, never a file of another kind
      --dry-run         only say what would be removed
      --older DAYS      also runs without an end that nothing was written to for so many days
      --keep N          but not the newest N of these of each experiment file
  recovery native       say whether faster kernels have been compiled for this machine
  recovery native build compile them, with the C compiler of this machine; the numbers stay the same
  recovery tensorflow   say whether TensorFlow is there, for trainings in float32 that ask for it
  recovery tensorflow install
                        install it for this user with npm, about 1 GB
  recovery schema       print the JSON schema of experiment files
  recovery serve        take commands as JSON lines on standard input and answer with events
  recovery --version
  recovery --help

Exit status: 0 all expectations met, 1 some not, 2 invalid input, 3 another failure, 130 cancelled;
of gc: 0, 2 no such folder;
of verify: 0 all certificates valid and all numbers the same, 1 some not, or nothing to check, 2 no such run folder.
`;
