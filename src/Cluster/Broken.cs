namespace AkkaScale.Cluster;

/// <summary>
/// Rules of the engine that can be broken, one at a time, to see which test notices. What ships cannot be broken: there every rule is a constant and
/// the compiler leaves the broken path out. Only the configuration Mutations, which nothing but the mutation gate builds, makes them switches.
/// </summary>
/// <remarks>
/// A site reads <c>row.Epoch == epoch || Broken.Fence</c>. What only a broken rule does is called in an expression,
/// <c>_ = Broken.Fence &amp;&amp; DoIt();</c>, since a block behind a constant would be unreachable code.
/// </remarks>
internal static class Broken
{
    /// <summary>All of them, as the mutation gate names them.</summary>
    public static IReadOnlyList<string> Rules { get; } =
    [
        "fence", "head-checks", "unknown-outcome", "reload-same-epoch", "dedup", "stored-refusal", "acquire-before-load", "late-load-generation",
        "lease-deadline", "two-step-death", "handoff-id", "coordinator-term", "generation",
    ];

#if AKKASCALE_MUTATIONS
    private static int _rule = Find(Environment.GetEnvironmentVariable("AKKASCALE_BROKEN"));

    /// <summary>The one that is broken, or null. The environment variable AKKASCALE_BROKEN sets it for a whole process.</summary>
    /// <exception cref="ArgumentException">There is no such rule.</exception>
    public static string? Rule
    {
        get => _rule < 0 ? null : Rules[_rule];
        set => _rule = Find(value);
    }

    public static bool Fence => _rule == 0;

    public static bool HeadChecks => _rule == 1;

    public static bool UnknownOutcome => _rule == 2;

    public static bool ReloadSameEpoch => _rule == 3;

    public static bool Dedup => _rule == 4;

    public static bool StoredRefusal => _rule == 5;

    public static bool AcquireBeforeLoad => _rule == 6;

    public static bool LateLoadGeneration => _rule == 7;

    public static bool LeaseDeadline => _rule == 8;

    public static bool TwoStepDeath => _rule == 9;

    public static bool HandoffId => _rule == 10;

    public static bool CoordinatorTerm => _rule == 11;

    public static bool Generation => _rule == 12;

    private static int Find(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return -1;
        }

        for (var rule = 0; rule < Rules.Count; rule++)
        {
            if (Rules[rule] == name)
            {
                return rule;
            }
        }

        throw new ArgumentException($"There is no rule \"{name}\" to break. There are: {string.Join(", ", Rules)}.", nameof(name));
    }
#else
    /// <summary>An append asks neither for owner nor for epoch.</summary>
    public const bool Fence = false;

    /// <summary>An append may leave gaps behind the heads of shard and entity.</summary>
    public const bool HeadChecks = false;

    /// <summary>A write of unknown outcome is rolled back from memory like one that certainly failed, and the shard serves on.</summary>
    public const bool UnknownOutcome = false;

    /// <summary>A shard that stopped is loaded again under the epoch it had.</summary>
    public const bool ReloadSameEpoch = false;

    /// <summary>A command that was answered is decided again.</summary>
    public const bool Dedup = false;

    /// <summary>An answer without events leaves at once and is not stored.</summary>
    public const bool StoredRefusal = false;

    /// <summary>A shard is loaded while its acquisition is on its way.</summary>
    public const bool AcquireBeforeLoad = false;

    /// <summary>What was read for an earlier life of an entity overwrites what it is now.</summary>
    public const bool LateLoadGeneration = false;

    /// <summary>The own deadline is not compared, neither when serving nor when appending.</summary>
    public const bool LeaseDeadline = false;

    /// <summary>Whoever is seen down is dead at once.</summary>
    public const bool TwoStepDeath = false;

    /// <summary>Copies are used whatever handoff the owner row names.</summary>
    public const bool HandoffId = false;

    /// <summary>Who was coordinator goes on writing targets.</summary>
    public const bool CoordinatorTerm = false;

    /// <summary>After the database lost its tail owners are not waited for, or their rows stay.</summary>
    public const bool Generation = false;

    /// <summary>Always null.</summary>
    /// <exception cref="NotSupportedException">Set to a rule: this build has no switches.</exception>
    public static string? Rule
    {
        get => null;
        set
        {
            if (!string.IsNullOrEmpty(value))
            {
                throw new NotSupportedException($"This build cannot break \"{value}\": build with -c Mutations.");
            }
        }
    }
#endif
}
