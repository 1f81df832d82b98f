// Some start pbm or a server and wait for it: three at a time, on any machine.
[assembly: Xunit.CollectionBehavior(MaxParallelThreads = 3)]
