namespace AkkaScale.Tests.Unit.Architecture;

/// <summary>Uses that make code depend on the clock, chance or the scheduler of the machine it runs on.</summary>
internal static class BannedUse
{
    private static readonly HashSet<string> Members = new(StringComparer.Ordinal)
    {
        "System.DateTime.get_UtcNow()",
        "System.DateTime.get_Now()",
        "System.DateTime.get_Today()",
        "System.DateTimeOffset.get_UtcNow()",
        "System.DateTimeOffset.get_Now()",
        "System.Random.get_Shared()",
        "System.Random..ctor()",
        "System.Guid.NewGuid()",
        "System.Guid.CreateVersion7()",
        "System.Diagnostics.Stopwatch.GetTimestamp()",
    };

    /// <summary>What a pure step function has no use for: time is one of its inputs, and nothing in it waits.</summary>
    private static readonly string[] NotInMachines =
    [
        "System.Threading.Tasks.Task",
        "System.Threading.Tasks.Task`1",
        "System.Threading.Tasks.ValueTask",
        "System.Threading.Tasks.ValueTask`1",
        "System.Threading.Tasks.TaskCompletionSource",
        "System.Threading.Tasks.TaskCompletionSource`1",
        "System.Threading.Thread",
        "System.Threading.ThreadPool",
        "System.Threading.Timer",
        "System.TimeProvider",
        "System.Diagnostics.Stopwatch",
    ];

    /// <summary>Anywhere in deterministic code.</summary>
    public static bool InDeterministicCode(CompiledAssembly.Use use) =>
        Members.Contains($"{use.Type}.{use.Member}")
        || (use.Type == "System.Threading.Thread" && use.Member.StartsWith("Sleep(", StringComparison.Ordinal))
        || (use.Type == "System.Threading.Tasks.Task"
            && use.Member.StartsWith("Delay(", StringComparison.Ordinal)
            && !use.Member.Contains("System.TimeProvider", StringComparison.Ordinal));

    /// <summary>In a type whose name ends in "Machine", and in those nested in it.</summary>
    public static bool InMachine(CompiledAssembly.Use use) =>
        use.User.EndsWith("Machine", StringComparison.Ordinal) && (NotInMachines.Contains(use.Type) || InDeterministicCode(use));
}
