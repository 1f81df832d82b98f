// One cluster, several processes, and figures that are compared: side by side the attacks would be measured against each other.
[assembly: Xunit.CollectionBehavior(DisableTestParallelization = true)]
