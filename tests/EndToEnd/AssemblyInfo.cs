// Each test runs processes of its own and mostly waits for them: three at a time, on any machine.
[assembly: Xunit.CollectionBehavior(MaxParallelThreads = 3)]
