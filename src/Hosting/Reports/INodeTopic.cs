namespace AkkaScale.Hosting.Reports;

/// <summary>
/// Something that one node asks of another on behalf of an operator. Registered as a service; must not depend on the engine: the session it is asked
/// in is given.
/// </summary>
internal interface INodeTopic
{
    /// <summary>On the wire; never changes its meaning. At most 255 bytes of UTF-8.</summary>
    string Name { get; }

    /// <param name="body">UTF-8 JSON.</param>
    /// <returns>UTF-8 JSON.</returns>
    /// <exception cref="LegacySharding.Regions.QuestionRefusedException">With what to tell whoever asks.</exception>
    Task<byte[]> AnswerAsync(NodeSession session, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);
}
