using System.Buffers;

namespace AkkaScale.Entities;

/// <summary>Encodes the messages of one decision as their receivers' kinds read them.</summary>
internal sealed class MessageEncoder(string sender, EntityKindRegistry? kinds)
{
    /// <summary>A message's number has 16 bits for its place in its event.</summary>
    public const int MaxPerEvent = 65_536;

    private readonly List<EncodedMessage> _encoded = [];

    public IReadOnlyList<EncodedMessage> Encoded => _encoded;

    /// <exception cref="InvalidOperationException">No such kind, not a command of it, no id, or too many.</exception>
    public void Add(int eventIndex, IEnumerable<EntityMessage> messages)
    {
        var count = 0;
        foreach (var (kind, id, command) in messages)
        {
            var receiver = kinds?.Find(kind) ?? throw new InvalidOperationException($"Kind {sender} sends a message to kind {kind}, which is not registered.");
            if (!receiver.Accepts(command) || id.Length == 0 || ++count > MaxPerEvent)
            {
                throw new InvalidOperationException(
                    $"Kind {sender} sends {command.GetType().Name} to {kind}/{id}: not a command of that kind, no id, or more than {MaxPerEvent} messages of one event.");
            }

            var buffer = new ArrayBufferWriter<byte>();
            receiver.WriteCommand(buffer, command);
            _encoded.Add(new EncodedMessage(eventIndex, new EntityKey(kind, id), buffer.WrittenMemory));
        }
    }
}
