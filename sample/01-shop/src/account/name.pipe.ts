import { BadRequestException, type PipeTransform } from '@nestjs/common';

export class NamePipe implements PipeTransform<unknown, string> {
  transform(value: unknown): string {
    const name = typeof value === 'string' ? value.trim() : '';
    if (name.length < 1 || name.length > 40) {
      throw new BadRequestException('A name has 1 to 40 characters');
    }
    return name;
  }
}
