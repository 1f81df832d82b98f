// Runs the coordinator's own allocations on simulated clusters and prints time and moves of one plan for each change. Figures stand in
// docs/decisions/0010-allocation.md:
//
//     dotnet run --project bench/Allocation -c Release
using System.Diagnostics;
using AkkaScale.Bench.Allocation;
using AkkaScale.LegacySharding.Allocation;

foreach (var name in new[] { AllocationOptions.Weighted, AllocationOptions.LeastShards })
{
    var allocation = new AllocationOptions { Name = name }.Create();
    foreach (var (nodes, shards) in new[] { (5, 256), (50, 4_096), (1_000, 100_000) })
    {
        Console.WriteLine($"{name}, {nodes} nodes, {shards} shards");
        var empty = SimulatedCluster.Empty(nodes, shards, seed: 1);
        var settled = SimulatedCluster.Settle(empty, allocation.Plan(empty));
        settled = SimulatedCluster.Settle(settled, allocation.Plan(settled));
        Report("first start", allocation, empty);
        Report("nothing", allocation, settled);
        Report("join", allocation, SimulatedCluster.Join(settled));
        Report("crash", allocation, SimulatedCluster.Crash(settled));
        Report("drain", allocation, SimulatedCluster.Drain(settled));
        Report("hot shard", allocation, SimulatedCluster.Heat(settled));
    }
}

static void Report(string change, IAllocation allocation, AllocationInputs inputs)
{
    var moves = allocation.Plan(inputs);
    var times = new List<double>();
    for (var run = 0; run < 5; run++)
    {
        var started = Stopwatch.GetTimestamp();
        allocation.Plan(inputs);
        times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    times.Sort();
    var (rounds, sum) = SimulatedCluster.CarryOut(allocation, inputs);
    Console.WriteLine(FormattableString.Invariant(
        $"  {change,-12} {times[2],8:0.0} ms {moves.Count,7} moves ({sum} in {rounds} rounds within the bounds); {SimulatedCluster.Balance(SimulatedCluster.Settle(inputs, moves))}"));
}
