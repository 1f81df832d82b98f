namespace AkkaScale.Management.Facts;

/// <summary>An order or a question that cannot be taken; the message says why and what to do.</summary>
/// <param name="title">Null: the status says enough.</param>
internal sealed class OrderRefusedException(int status, string message, string? title = null) : Exception(message)
{
    /// <summary>Of HTTP: 400, 404, 409, 415, 500 or 503.</summary>
    public int Status { get; } = status;

    public string? Title { get; } = title;
}
