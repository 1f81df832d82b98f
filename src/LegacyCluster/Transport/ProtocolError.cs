namespace AkkaScale.LegacyCluster.Transport;

/// <summary>Ways in which received bytes break the frame format. Any of them closes the connection.</summary>
internal enum ProtocolError
{
    None,

    /// <summary>The length is below the size of a header.</summary>
    LengthTooSmall,

    /// <summary>The length is over the bound; negative numbers of other writers read as such.</summary>
    LengthTooLarge,

    /// <summary>A type that this version does not have.</summary>
    UnknownType,

    /// <summary>A known type at the wrong time.</summary>
    UnexpectedType,

    /// <summary>The sequence number is not the one after the last.</summary>
    OutOfSequence,

    /// <summary>The stream ended inside a frame.</summary>
    Truncated,

    /// <summary>The payload does not follow its format.</summary>
    MalformedPayload,
}
