namespace AkkaScale.Node.Host;

/// <summary>Exit codes of a node, after the conventions of sysexits.</summary>
public static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>The configuration or the store refuses this node; the message says what to change.</summary>
    public const int Refused = 64;

    /// <summary>The store could not be reached within Store:StartTimeout.</summary>
    public const int StoreUnavailable = 69;

    /// <summary>A fault of the program.</summary>
    public const int Fault = 70;

    /// <summary>It was told to stop and did, but not everything it had was handed over; the log names the rest, which others take over.</summary>
    public const int NotHandedOver = 85;
}
