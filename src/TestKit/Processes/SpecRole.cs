namespace AkkaScale.TestKit.Processes;

/// <summary>A role as its script sees it.</summary>
public sealed class SpecRole
{
    private readonly SpecRun _run;

    internal SpecRole(SpecRun run, MultiNodeSpec spec, string name) => (_run, Spec, Name) = (run, spec, name);

    public string Name { get; }

    public MultiNodeSpec Spec { get; }

    /// <summary>The role's present process.</summary>
    public NodeProcess Node => Spec[Name];

    /// <summary>Cancelled when another role's script has failed, or the time is over: pass it on.</summary>
    public CancellationToken Stop => _run.Stop;

    /// <summary>
    /// Waits until the scripts of all roles have come to the barrier of this name. Fails when one of them ends without coming to it.
    /// </summary>
    public Task BarrierAsync(string name) => _run.BarrierAsync(this, name);
}
