namespace AkkaScale.Management.Access;

/// <summary>What a caller of the management port may do; each includes those before it.</summary>
public enum AccessRole
{
    /// <summary>Probes alone.</summary>
    None,

    /// <summary>Reads everything, changes nothing.</summary>
    Viewer,

    /// <summary>May give orders.</summary>
    Operator,
}
