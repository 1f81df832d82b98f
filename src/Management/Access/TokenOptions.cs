namespace AkkaScale.Management.Access;

/// <summary>One token of the management port. The token itself is nowhere in the configuration.</summary>
public sealed class TokenOptions
{
    /// <summary>Whose it is; stands in the audit log.</summary>
    public string Name { get; set; } = "";

    /// <summary>viewer or operator.</summary>
    public string Role { get; set; } = "";

    /// <summary>SHA-256 of the token's UTF-8 bytes, 64 hex digits.</summary>
    public string Sha256 { get; set; } = "";
}
