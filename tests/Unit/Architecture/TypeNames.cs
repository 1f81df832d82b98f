using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace AkkaScale.Tests.Unit.Architecture;

/// <summary>A signature as the full names of all types in it; the outermost is last. Types of the assembly itself have names too.</summary>
internal sealed class TypeNames(MetadataReader metadata) : ISignatureTypeProvider<ImmutableArray<string>, object?>
{
    public ImmutableArray<string> GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        var type = reader.GetTypeReference(handle);
        var name = reader.GetString(type.Name);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? [$"{GetTypeFromReference(reader, (TypeReferenceHandle)type.ResolutionScope, 0)[^1]}+{name}"]
            : [$"{reader.GetString(type.Namespace)}.{name}"];
    }

    public ImmutableArray<string> GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        var type = reader.GetTypeDefinition(handle);
        var name = reader.GetString(type.Name);
        return type.GetDeclaringType() is { IsNil: false } declaring
            ? [$"{GetTypeFromDefinition(reader, declaring, 0)[^1]}+{name}"]
            : [$"{reader.GetString(type.Namespace)}.{name}"];
    }

    public ImmutableArray<string> GetTypeFromSpecification(
        MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        metadata.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public ImmutableArray<string> GetPrimitiveType(PrimitiveTypeCode typeCode) => [$"System.{typeCode}"];

    public ImmutableArray<string> GetGenericInstantiation(ImmutableArray<string> genericType, ImmutableArray<ImmutableArray<string>> typeArguments) =>
        [.. typeArguments.SelectMany(names => names), .. genericType];

    public ImmutableArray<string> GetFunctionPointerType(MethodSignature<ImmutableArray<string>> signature) =>
        [.. signature.ParameterTypes.SelectMany(names => names), .. signature.ReturnType];

    public ImmutableArray<string> GetModifiedType(ImmutableArray<string> modifier, ImmutableArray<string> unmodifiedType, bool isRequired) => unmodifiedType;

    public ImmutableArray<string> GetArrayType(ImmutableArray<string> elementType, ArrayShape shape) => elementType;

    public ImmutableArray<string> GetSZArrayType(ImmutableArray<string> elementType) => elementType;

    public ImmutableArray<string> GetByReferenceType(ImmutableArray<string> elementType) => elementType;

    public ImmutableArray<string> GetPointerType(ImmutableArray<string> elementType) => elementType;

    public ImmutableArray<string> GetPinnedType(ImmutableArray<string> elementType) => elementType;

    public ImmutableArray<string> GetGenericMethodParameter(object? genericContext, int index) => [$"!!{index}"];

    public ImmutableArray<string> GetGenericTypeParameter(object? genericContext, int index) => [$"!{index}"];
}
