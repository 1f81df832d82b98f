namespace AkkaScale.Pbm.Invocation;

/// <summary>What the process returns; documented in docs/pbm.md.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The command ran and found something wrong: a violation, a mismatch, a failure, nothing under that id.</summary>
    public const int Finding = 1;

    /// <summary>The command line, an argument or an input file is not acceptable.</summary>
    public const int Usage = 2;

    /// <summary>No node or gateway answered, or it could not answer this.</summary>
    public const int Unreachable = 3;

    /// <summary>The doctor found something critical.</summary>
    public const int Critical = 4;

    /// <summary>A fault of pbm itself.</summary>
    public const int Fault = 70;

    /// <summary>Ctrl-C or SIGTERM; what was done so far has been printed.</summary>
    public const int Interrupted = 130;
}
